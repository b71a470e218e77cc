import type { Core } from "../../../../core/core.ts";

/** Which of these users take direct messages from this one. */
export async function whoTake(
  _core: Core,
  _fromUserId: string,
  toUserIds: readonly string[],
): Promise<Set<string>> {
  return new Set(toUserIds);
}
