/**
 * The sentence of the error that it rejects with; throws when it doesn't. Instead of `expect(…).rejects`, which in Bun
 * holds the event loop up while it waits, with the sockets and threads of this process that it may be waiting for.
 */
export const failureOf = async (promise: Promise<unknown>): Promise<string> => {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (outcome === null) throw new Error("it did not fail");
  return outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
};
