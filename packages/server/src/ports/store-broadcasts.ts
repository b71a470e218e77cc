/**
 * Conversations that are everybody's: with the admission `everyone` every user of the app is in them, without a row that
 * says so. Each sees what was sent since they came to be a user. Such a conversation is on a user's list
 * (`ConversationStore`) once it holds an entry that is not older than that; it has no members that could be listed or
 * counted, `listMembershipsOf` and `findMembers` leave it out, and `countUnread` and `countMentions` don't know since when
 * somebody is a user: states do.
 */

import type { Conversation } from "./store.ts";

export interface BroadcastStore {
  /** Those of the app, in the order of their making. */
  listBroadcasts(): Promise<Conversation[]>;
}
