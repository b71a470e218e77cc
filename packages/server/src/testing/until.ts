/**
 * How tests wait: for conditions, never for times. The limits are no promise of the product; they are far above what a
 * machine needs that does ten other things, so that whoever reaches one has found a defect.
 */

/** Milliseconds for what must come. Below the time-out of a test, so that the sentence says what was missing. */
export const patience = 20_000;

/** Milliseconds for a process to start and be ready. */
export const startPatience = 60_000;

/** Resolves when `isTrue` says so; throws with what it waited for when it doesn't in time. */
export async function until(
  what: string,
  isTrue: () => unknown | Promise<unknown>,
  milliseconds = patience,
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`in vain for ${milliseconds / 1000} s: ${what}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}
