/**
 * What every store must do. An adapter's test calls `storeContract` with a way to open an empty store; the parts are in
 * `store-contract/`. Each test makes apps of its own, so the store is shared and never empty, as in life.
 */

import { afterAll, beforeAll, describe } from "bun:test";
import type { Store } from "./store.ts";
import { appendContract } from "./store-contract/append.ts";
import { appsContract } from "./store-contract/apps.ts";
import { broadcastsContract } from "./store-contract/broadcasts.ts";
import { catchUpContract } from "./store-contract/catch-up.ts";
import { changesContract } from "./store-contract/changes.ts";
import { chatroomKeysContract } from "./store-contract/chatroom-keys.ts";
import { chatroomsContract } from "./store-contract/chatrooms.ts";
import { conversationStatesContract } from "./store-contract/conversation-states.ts";
import { conversationsContract } from "./store-contract/conversations.ts";
import { directedContract } from "./store-contract/directed.ts";
import { Fixture } from "./store-contract/fixture.ts";
import { friendsContract } from "./store-contract/friends.ts";
import { groupMutesContract } from "./store-contract/group-mutes.ts";
import { groupsContract } from "./store-contract/groups.ts";
import { hostedGroupsContract } from "./store-contract/hosted-groups.ts";
import { lifeContract } from "./store-contract/life.ts";
import { mentionsContract } from "./store-contract/mentions.ts";
import { messageLogContract } from "./store-contract/message-log.ts";
import { messagesContract } from "./store-contract/messages.ts";
import { nodesContract } from "./store-contract/nodes.ts";
import { presenceContract } from "./store-contract/presence.ts";
import { presetSettingsContract } from "./store-contract/preset-settings.ts";
import { profilesContract } from "./store-contract/profiles.ts";
import { purgeContract } from "./store-contract/purge.ts";
import { pushContract } from "./store-contract/push.ts";
import { ratesContract } from "./store-contract/rates.ts";
import { readMarksContract } from "./store-contract/read-marks.ts";
import { recountContract } from "./store-contract/recount.ts";
import { reportsContract } from "./store-contract/reports.ts";
import { retentionContract } from "./store-contract/retention.ts";
import { sessionsContract } from "./store-contract/sessions.ts";
import { syncContract } from "./store-contract/sync.ts";
import { syncModelContract } from "./store-contract/sync-model.ts";
import { tenancyContract } from "./store-contract/tenancy.ts";
import { traitsContract } from "./store-contract/traits.ts";
import { usersContract } from "./store-contract/users.ts";
import { wordsContract } from "./store-contract/words.ts";

export interface OpenedStore {
  store: Store;
  /** Moves all that an app has in its logs into the past, behind the store's back; for tests of time. */
  age(appId: number, milliseconds: number): Promise<void>;
  /** Rows that are stored of messages, of changes, and of whom messages mention and are for, and of own deletions; seen by anybody or not. */
  countMessages(appId: number): Promise<number>;
  /** Opens the same data again, after `store` is closed. */
  reopen(): Promise<Store>;
  /** Removes what the store left behind; called after it is closed. */
  dispose(): Promise<void>;
}

export const storeContract = (name: string, open: () => Promise<OpenedStore>): void => {
  describe(`store contract: ${name}`, () => {
    const fixture = new Fixture();
    let opened: OpenedStore;
    beforeAll(async () => {
      opened = await open();
      fixture.store = opened.store;
    });
    afterAll(async () => {
      await opened.store.close();
      await opened.dispose();
    });

    appsContract(fixture);
    sessionsContract(fixture);
    usersContract(fixture);
    conversationsContract(fixture);
    appendContract(fixture);
    messagesContract(fixture);
    mentionsContract(fixture);
    changesContract(fixture);
    directedContract(fixture);
    readMarksContract(fixture);
    recountContract(fixture);
    conversationStatesContract(fixture);
    syncContract(fixture);
    syncModelContract(fixture);
    catchUpContract(fixture);
    reportsContract(fixture);
    nodesContract(fixture);
    presenceContract(fixture);
    chatroomsContract(fixture);
    chatroomKeysContract(fixture);
    presetSettingsContract(fixture);
    pushContract(fixture);
    broadcastsContract(fixture);
    messageLogContract(fixture);
    groupsContract(fixture);
    groupMutesContract(fixture);
    profilesContract(fixture);
    friendsContract(fixture);
    hostedGroupsContract(fixture);
    wordsContract(fixture);
    ratesContract(fixture);
    tenancyContract(fixture);
    traitsContract(fixture);
    purgeContract(fixture);
    retentionContract(fixture, () => opened);
    lifeContract(open);
  });
};
