import type { Bus } from "../ports/bus.ts";
import type { App, Store } from "../ports/store.ts";
import type { UpdatableCore } from "./apps/app-registry.ts";
import { ConversationCache } from "./conversations/conversation-cache.ts";
import type { EventLog, Limits } from "./core.ts";
import type { CoreEvent } from "./events.ts";

/** How many conversations of one app a node remembers; each takes a few hundred bytes. */
const conversationsRemembered = 100_000;

/** Where an app's events travel. */
export const eventSubject = (appId: number): string => `app.${appId}.events`;

export function createCore(
  app: App,
  parts: {
    store: Store;
    bus: Bus;
    limits: Limits;
    logFor(app: App): EventLog;
    onPublished?(event: CoreEvent): void;
  },
): UpdatableCore {
  const { bus, limits } = parts;
  const store = parts.store.forApp(app.id);
  const subject = eventSubject(app.id);
  return {
    app,
    store,
    conversations: new ConversationCache(store, conversationsRemembered),
    limits,
    log: parts.logFor(app),
    publish(event) {
      parts.onPublished?.(event);
      bus.publish(subject, event);
    },
  };
}
