import type { App, AppStore } from "../ports/store.ts";
import type { AppSettings } from "./apps/app-settings.ts";
import type { Chatrooms } from "./chatrooms/chatrooms.ts";
import type { ConversationCache } from "./conversations/conversation-cache.ts";
import type { CoreEvent } from "./events.ts";
import type { GroupRulesCache } from "./groups/rules-cache.ts";
import type { Originals } from "./moderation/originals.ts";
import type { WordList } from "./moderation/word-list.ts";
import type { PushDesk } from "./push/push-desk.ts";
import type { DirectRules } from "./users/direct-rules.ts";

/** Bounds on what one call may ask for. Bytes are UTF-8. */
export interface Limits {
  memberIdsPerCall: number;
  messageBytes: number;
}

/** Business events, one line each: names and ids, never a secret, a token or a message's text. */
export interface EventLog {
  info(fields: Record<string, unknown>, event: string): void;
  debug(fields: Record<string, unknown>, event: string): void;
}

/**
 * One app's handle on everything the product can do: the functions of `core/` take it first. It reaches this app's
 * rows only, because its store and its events are bound to the app and there is no other way out.
 */
export interface Core {
  /** The app as it stands now; settings change while a handle lives. */
  readonly app: App;
  /** The app's settings as they stand now, defaults filled in. */
  readonly settings: AppSettings;
  readonly store: AppStore;
  readonly conversations: ConversationCache;
  readonly chatrooms: Chatrooms;
  readonly directRules: DirectRules;
  /** Who may not write in groups. */
  readonly groupRules: GroupRulesCache;
  /** Notifications for who is offline. */
  readonly pushes: PushDesk;
  readonly words: WordList;
  readonly originals: Originals;
  readonly limits: Limits;
  readonly log: EventLog;
  /** Tells the nodes with listeners for it, this one included, of what is in the store. */
  publish(event: CoreEvent): void;
}
