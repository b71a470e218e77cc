/**
 * All operations of the store but `append`, in two tables. What runs them derives from here: the handles that the core
 * holds, the threads of SQLite, a PostgreSQL store that calls them directly.
 */

import type { Appended, NewMessage } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { appReads, appWrites } from "./apps.ts";
import { catchUpReads } from "./catch-up.ts";
import { changeWrites } from "./changes.ts";
import { chatroomKeyReads, chatroomKeyWrites } from "./chatroom-keys.ts";
import { chatroomReads, chatroomWrites, unsettledReads } from "./chatrooms.ts";
import { contactReads, contactWrites } from "./contacts.ts";
import { stateReads } from "./conversation-states.ts";
import { conversationReads, conversationWrites } from "./conversations.ts";
import { entryReads } from "./entries.ts";
import { erasureReads, erasureWrites } from "./erase-user.ts";
import { broadcastReads } from "./everybody.ts";
import { expireWrites } from "./expire.ts";
import { friendWrites } from "./friend-writes.ts";
import { friendReads } from "./friends.ts";
import { followReads, followWrites } from "./group-follows.ts";
import { groupMuteReads, groupMuteWrites } from "./group-mutes.ts";
import { groupReads, groupWrites } from "./groups.ts";
import { healthWrites } from "./health.ts";
import { hostedGroupReads, hostedGroupWrites } from "./hosted-groups.ts";
import { hostedMemberReads, hostedMemberWrites } from "./hosted-members.ts";
import { memberReads, memberWrites } from "./members.ts";
import { mentionReads } from "./mentions.ts";
import { messageLogReads, messageLogWrites } from "./message-log.ts";
import { messageReads } from "./messages.ts";
import { nodeReads, nodeWrites } from "./nodes.ts";
import { presenceReads, presenceWrites } from "./presence.ts";
import { presetReads, presetWrites } from "./preset-settings.ts";
import { profileReads, profileWrites } from "./profiles.ts";
import { purgeWrites } from "./purge.ts";
import { pushDeviceReads, pushDeviceWrites } from "./push-devices.ts";
import { pushNameReads, pushNameWrites } from "./push-names.ts";
import { pushClaimWrites, pushOutboxWrites } from "./push-outbox.ts";
import { pushPreferenceWrites, pushTargetReads } from "./push-targets.ts";
import { rateWrites } from "./rates.ts";
import { readMarkReads, readMarkWrites } from "./read-marks.ts";
import { readerReads } from "./readers.ts";
import { reportReads, reportWrites } from "./reports.ts";
import { sessionReads, sessionWrites } from "./sessions.ts";
import { settingsWrites } from "./settings.ts";
import { syncReads } from "./sync.ts";
import { tagReads, tagWrites } from "./tags.ts";
import { userRuleReads, userRuleWrites } from "./user-rules.ts";
import { userTagReads, userTagWrites } from "./user-tags.ts";
import { userReads, userWrites } from "./users.ts";
import { visibleReads } from "./visible-messages.ts";
import { wordReads, wordWrites } from "./words.ts";
import type { WriteScope } from "./write-scope.ts";

/** `(db, appId, …args)`: an app's handle binds the first two. */
export const boundReads = {
  ...sessionReads,
  ...conversationReads,
  ...memberReads,
  ...messageReads,
  ...entryReads,
  ...mentionReads,
  ...readMarkReads,
  ...reportReads,
  ...catchUpReads,
  ...presenceReads,
  ...chatroomReads,
  ...chatroomKeyReads,
  ...stateReads,
  ...syncReads,
  ...visibleReads,
  ...readerReads,
  ...tagReads,
  ...presetReads,
  ...pushDeviceReads,
  ...pushTargetReads,
  ...pushNameReads,
  ...userTagReads,
  ...userReads,
  ...userRuleReads,
  ...contactReads,
  ...broadcastReads,
  ...messageLogReads,
  ...profileReads,
  ...friendReads,
  ...hostedGroupReads,
  ...hostedMemberReads,
  ...followReads,
  ...groupReads,
  ...groupMuteReads,
  ...wordReads,
};

/** `(scope, appId, …args)`. */
export const boundWrites = {
  ...sessionWrites,
  ...conversationWrites,
  ...memberWrites,
  ...changeWrites,
  ...readMarkWrites,
  ...reportWrites,
  ...presenceWrites,
  ...chatroomWrites,
  ...chatroomKeyWrites,
  ...settingsWrites,
  ...tagWrites,
  ...presetWrites,
  ...pushDeviceWrites,
  ...pushPreferenceWrites,
  ...pushNameWrites,
  ...userTagWrites,
  ...pushOutboxWrites,
  ...userWrites,
  ...userRuleWrites,
  ...erasureWrites,
  ...contactWrites,
  ...messageLogWrites,
  ...profileWrites,
  ...friendWrites,
  ...hostedGroupWrites,
  ...hostedMemberWrites,
  ...followWrites,
  ...groupWrites,
  ...groupMuteWrites,
  ...wordWrites,
  ...rateWrites,
};

export const reads = { ...appReads, ...nodeReads, ...unsettledReads, ...erasureReads, ...boundReads };
export const writes = {
  ...appWrites,
  ...nodeWrites,
  ...purgeWrites,
  ...expireWrites,
  ...healthWrites,
  ...pushClaimWrites,
  ...boundWrites,
};

/** Written by hand for each database; it shares the queue, the transaction and the types with the other writes. */
export type Append = (scope: WriteScope, appId: number, message: NewMessage) => Promise<Appended>;

export type Reads = typeof reads;
export type Writes = typeof writes & { append: Append };

/** What a caller gives: everything after the database. */
// biome-ignore lint/suspicious/noExplicitAny: only `any` matches operations of every signature.
export type ArgsOf<Operation> = Operation extends (db: any, ...args: infer Args) => unknown ? Args : never;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type ResultOf<Operation> = Operation extends (...args: any) => Promise<infer Result> ? Result : never;

/** Any operation, for code that has only its name and its arguments as data. */
export type Read = (db: Db, ...args: unknown[]) => Promise<unknown>;
export type Write = (scope: WriteScope, ...args: unknown[]) => Promise<unknown>;
