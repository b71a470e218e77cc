/**
 * What every store must do. An adapter's test calls `storeContract` with a way to open an empty store; the parts are in
 * `store-contract/`. Each test makes apps of its own, so the store is shared and never empty, as in life.
 */

import { afterAll, beforeAll, describe } from "bun:test";
import type { Store } from "./store.ts";
import { appendContract } from "./store-contract/append.ts";
import { appsContract } from "./store-contract/apps.ts";
import { catchUpContract } from "./store-contract/catch-up.ts";
import { chatroomKeysContract } from "./store-contract/chatroom-keys.ts";
import { chatroomsContract } from "./store-contract/chatrooms.ts";
import { conversationsContract } from "./store-contract/conversations.ts";
import { Fixture } from "./store-contract/fixture.ts";
import { lifeContract } from "./store-contract/life.ts";
import { messagesContract } from "./store-contract/messages.ts";
import { nodesContract } from "./store-contract/nodes.ts";
import { presenceContract } from "./store-contract/presence.ts";
import { purgeContract } from "./store-contract/purge.ts";
import { readMarksContract } from "./store-contract/read-marks.ts";
import { reportsContract } from "./store-contract/reports.ts";
import { retentionContract } from "./store-contract/retention.ts";
import { sessionsContract } from "./store-contract/sessions.ts";
import { tenancyContract } from "./store-contract/tenancy.ts";
import { unreadContract } from "./store-contract/unread.ts";

export interface OpenedStore {
  store: Store;
  /** Moves all that an app has in its logs into the past, behind the store's back; for tests of time. */
  age(appId: number, milliseconds: number): Promise<void>;
  /** Rows of messages that are stored, seen by anybody or not. */
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
    conversationsContract(fixture);
    appendContract(fixture);
    messagesContract(fixture);
    readMarksContract(fixture);
    unreadContract(fixture);
    catchUpContract(fixture);
    reportsContract(fixture);
    nodesContract(fixture);
    presenceContract(fixture);
    chatroomsContract(fixture);
    chatroomKeysContract(fixture);
    tenancyContract(fixture);
    purgeContract(fixture);
    retentionContract(fixture, () => opened);
    lifeContract(open);
  });
};
