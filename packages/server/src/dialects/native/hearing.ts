/** What listeners are told of besides the frames that every listener gets alike. */

import type { CoreEvent, UserChanged } from "../../core/events.ts";
import type { AppGateway } from "../../gateway/app-gateway.ts";
import type { Connection } from "../../gateway/connection.ts";
import { isNative, type NativeForm } from "./form.ts";
import { eventFrame, type LiveFrame } from "./live-frames.ts";
import { OwnStates } from "./own-states.ts";

/** People here who are told of one user's new data. */
const mostTold = 1000;
/** Connections told to load anew at once, and milliseconds until the next ones are: they all ask for something. */
const reloadsAtOnce = 200;
const betweenReloads = 100;

export class Hearing {
  readonly #onError: (error: unknown) => void;
  readonly #states = new WeakMap<AppGateway, OwnStates>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  hear(app: AppGateway, event: CoreEvent): void {
    switch (event.kind) {
      case "membersAdded":
      case "membersRemoved":
        for (const userId of event.userIds) this.#refresh(app, userId, event.conversation);
        break;
      case "conversationChanged":
        // Tags are parts of many states.
        if (event.conversation === null) tell(app, event.userId, eventFrame("reload", {}));
        else this.#refresh(app, event.userId, event.conversation);
        break;
      case "userChanged":
        tellWhoKnow(app, event);
        break;
    }
  }

  /** Whoever is here synchronises, a few at a time. */
  missed(app: AppGateway): void {
    const links: Connection[] = [];
    for (const { links: own } of app.audience.users())
      for (const link of own) if (isNative(link.dialect) && link.state === "open") links.push(link);
    const next = () => {
      for (const link of links.splice(0, reloadsAtOnce))
        if (link.state === "open") link.send(encodeFor(link, eventFrame("reload", {})));
      if (links.length > 0) setTimeout(next, betweenReloads);
    };
    next();
  }

  #refresh(app: AppGateway, userId: string, conversation: Parameters<OwnStates["refresh"]>[1]): void {
    if (!app.audience.find(userId)?.links.some(({ dialect }) => isNative(dialect))) return;
    let states = this.#states.get(app);
    if (!states) {
      states = new OwnStates(app, (user, frame) => tell(app, user, frame), this.#onError);
      this.#states.set(app, states);
    }
    states.refresh(userId, conversation);
  }
}

const encodeFor = (link: Connection, frame: LiveFrame) => (link.dialect as NativeForm).codec.encode(frame);

function tell(app: AppGateway, userId: string, frame: LiveFrame): void {
  for (const link of app.audience.find(userId)?.links ?? [])
    if (isNative(link.dialect)) link.send(encodeFor(link, frame));
}

/** The user's own devices, then those who are here and share one of the conversations. */
function tellWhoKnow(app: AppGateway, { userId, userData, conversationIds }: UserChanged): void {
  const frame = eventFrame("user", { id: userId, data: userData });
  for (const id of whoKnow(app, userId, conversationIds)) tell(app, id, frame);
}

function whoKnow(app: AppGateway, userId: string, conversationIds: readonly number[]): Set<string> {
  const found = new Set([userId]);
  for (const conversationId of conversationIds)
    for (const listener of app.audience.listeners(conversationId)) {
      found.add(listener.userId);
      if (found.size > mostTold) return found;
    }
  return found;
}
