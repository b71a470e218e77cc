import type { CoreEvent } from "../events.ts";
import { AppDesk } from "./app-desk.ts";
import type { AppInterest, AppListeners, Router, RouterStats } from "./router.ts";

/** One node alone: an event goes to the listeners of its app, at once. */
export class LocalRouter implements Router {
  readonly ready = Promise.resolve();
  readonly leastCrowd = Number.POSITIVE_INFINITY;
  readonly stats: RouterStats = {
    routedEvents: 0,
    floodedEvents: 0,
    largeEvents: 0,
    heardEvents: 0,
    peers: 0,
    interestKeys: 0,
    peerInterestBytes: 0,
    largeSubjects: 0,
    rechecks: 0,
  };
  readonly #desk: AppDesk;

  constructor(onError: (error: unknown) => void) {
    this.#desk = new AppDesk(onError);
  }

  publish(appId: number, event: CoreEvent): void {
    this.#desk.deliver(appId, event);
  }

  join(appId: number, listeners: AppListeners): AppInterest {
    return {
      addConversations: () => null,
      dropConversation() {},
      addUser: () => null,
      dropUser() {},
      leave: this.#desk.join(appId, listeners),
    };
  }

  stop(): void {}
}
