/** Resolves when `isTrue` does; throws when it doesn't in time. */
export const until = async (
  what: string,
  isTrue: () => Promise<boolean>,
  milliseconds = 10_000,
): Promise<void> => {
  const deadline = Date.now() + milliseconds;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`In vain: ${what}.`);
    await new Promise((go) => setTimeout(go, 20));
  }
};
