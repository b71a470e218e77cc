import { backOff } from "../connection/back-off.ts";
import type { Environment } from "../environment.ts";
import { isRetryable, type ParlanceError } from "../error.ts";

/** Calls until it succeeds, is refused for good, or `isOver`; waits longer each time. */
export async function retried<T>(
  environment: Environment,
  isOver: () => boolean,
  call: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ; failures++)
    try {
      return await call();
    } catch (error) {
      if (!isRetryable(error) || isOver()) throw error;
      const hint = (error as ParlanceError).retryAfterMs;
      await new Promise<void>((resolve) => {
        environment.setTimeout(resolve, backOff(failures, hint, environment.random));
      });
      if (isOver()) throw error;
    }
}
