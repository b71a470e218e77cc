import type { Bus, BusMessage } from "../../ports/bus.ts";

/** A bus within one process: handlers run at once, in the order in which they subscribed. */
export function createLocalBus(onHandlerError: (error: unknown) => void): Bus {
  const handlers = new Map<string, Set<(message: BusMessage) => void>>();
  let isClosed = false;
  const deliver = (subject: string, message: BusMessage) => {
    for (const handler of handlers.get(subject) ?? []) {
      try {
        handler(message);
      } catch (error) {
        onHandlerError(error);
      }
    }
  };
  return {
    publish(subjects, message) {
      if (isClosed) return;
      if (typeof subjects === "string") deliver(subjects, message);
      else for (const subject of subjects) deliver(subject, message);
    },
    subscribe(subject, handler) {
      // Wrapped, so that one function may subscribe twice and leave once.
      const own = (message: BusMessage) => handler(message);
      const set = handlers.get(subject) ?? new Set();
      handlers.set(subject, set.add(own));
      return () => {
        set.delete(own);
        if (set.size === 0 && handlers.get(subject) === set) handlers.delete(subject);
      };
    },
    // Nothing lies between publisher and subscriber where something could be lost or late.
    onGap: () => () => {},
    async ready() {},
    async close() {
      isClosed = true;
      handlers.clear();
    },
  };
}
