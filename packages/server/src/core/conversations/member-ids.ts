import { ParlanceError } from "../../errors.ts";
import type { Core } from "../core.ts";

/** Each id once, in the order given. Refuses more than `limits.memberIdsPerCall`. */
export function distinctMemberIds(core: Core, ids: readonly string[]): string[] {
  const distinct = [...new Set(ids)];
  const most = core.limits.memberIdsPerCall;
  if (distinct.length <= most) return distinct;
  throw new ParlanceError("invalidInput", { memberIds: `Ensure this list has no more than ${most} items.` });
}
