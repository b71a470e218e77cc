import type { Push, PushOutcome, PushProvider } from "../../ports/push.ts";

/** Of the last notifications, so many are remembered. */
const remembered = 1000;

export type RecordedPush = Omit<Push, "token">;

export interface LogProvider extends PushProvider {
  /** The last 1000, the oldest first, without addresses. */
  readonly recent: readonly RecordedPush[];
}

/**
 * Sends nothing anywhere: each notification that would have been sent is written as a line, without the device's address.
 * Its text is somebody's message, so the lines are for levels of logging that nobody has on by chance.
 */
export function createLogProvider(write: (push: RecordedPush) => void): LogProvider {
  const recent: RecordedPush[] = [];
  return {
    name: "log",
    recent,
    async send(pushes): Promise<PushOutcome[]> {
      for (const { token: _, ...push } of pushes) {
        recent.push(push);
        write(push);
      }
      recent.splice(0, recent.length - remembered);
      return pushes.map(() => "sent");
    },
  };
}
