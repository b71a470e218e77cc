import { ParlanceError } from "../../errors.ts";
import { groupIdLength } from "./bounds.ts";

/** Throws `invalidInput`. Ids are told apart by case. */
export function assertGroupId(id: string): void {
  if (id.length > 0 && id.length <= groupIdLength && id.isWellFormed() && !id.includes("\0")) return;
  throw new ParlanceError("invalidInput", { groupId: `An id has 1 to ${groupIdLength} characters.` });
}
