/**
 * The line between the supervisor and a worker. It says one thing, that the worker listens; and when the supervisor is
 * gone, however that came, it closes, and the worker goes at once, as if it had been killed itself.
 */

const listening = "listening";

/** In the worker. Returns what tells the supervisor. */
export const joinSupervisor = (): (() => void) => {
  process.on("disconnect", () => process.exit(137));
  return () => process.send?.(listening);
};

/** In the supervisor: whether that was said. */
export const saysListening = (message: unknown): boolean => message === listening;
