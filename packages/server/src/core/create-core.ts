import type { App, Store } from "../ports/store.ts";
import type { UpdatableCore } from "./apps/app-registry.ts";
import { settingsOf } from "./apps/app-settings.ts";
import { type ChatroomBounds, Chatrooms, defaultChatroomBounds } from "./chatrooms/chatrooms.ts";
import type { Router } from "./cluster/router.ts";
import { ConversationCache } from "./conversations/conversation-cache.ts";
import type { EventLog, Limits } from "./core.ts";
import type { CoreEvent } from "./events.ts";
import { GroupRulesCache } from "./groups/rules-cache.ts";
import { Originals } from "./moderation/originals.ts";
import { WordList } from "./moderation/word-list.ts";
import { PushDesk, type PushQueue } from "./push/push-desk.ts";
import { DirectRules } from "./users/direct-rules.ts";

/** How many conversations of one app a node remembers; each takes a few hundred bytes. */
const conversationsRemembered = 100_000;

export function createCore(
  app: App,
  parts: {
    store: Store;
    router: Pick<Router, "publish">;
    limits: Limits;
    logFor(app: App): EventLog;
    onPublished?(event: CoreEvent): void;
    /** Absent: the usual. */
    chatrooms?: ChatroomBounds;
    /** Absent: nobody is notified of anything. */
    pushes?: PushQueue;
  },
): UpdatableCore {
  const { router, limits } = parts;
  const store = parts.store.forApp(app.id);
  const publish = (event: CoreEvent) => {
    parts.onPublished?.(event);
    if (event.kind === "messageSent" && event.conversation.kind === "chatroom")
      chatrooms.rate.whilePublishing(() => router.publish(app.id, event));
    else router.publish(app.id, event);
  };
  const chatrooms = new Chatrooms(store, publish, parts.chatrooms ?? defaultChatroomBounds);
  const core: UpdatableCore = {
    app,
    get settings() {
      return settingsOf(this.app);
    },
    store,
    chatrooms,
    directRules: new DirectRules(store),
    words: new WordList(store, () => core.app),
    originals: new Originals(),
    conversations: new ConversationCache(store, conversationsRemembered),
    groupRules: new GroupRulesCache(store),
    pushes: new PushDesk(store, parts.pushes ?? null),
    limits,
    log: parts.logFor(app),
    publish,
  };
  return core;
}
