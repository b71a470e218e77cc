import { OutcomeUnknown } from "../ports/outcome-unknown.ts";

/**
 * When `error` says that nobody knows yet whether a write was made: calls `tell` with its result once it is known that it
 * was. To be called with what the write threw, before that is thrown on.
 */
export function onceKnown<Result>(error: unknown, tell: (result: Result) => void): void {
  if (!(error instanceof OutcomeUnknown)) return;
  void (error as OutcomeUnknown<Result>).outcome.then((result) => {
    if (result !== null) tell(result);
  });
}
