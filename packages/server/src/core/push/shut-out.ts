import type { PushTarget } from "../../ports/store-push.ts";
import type { Core } from "../core.ts";
import { shutOutOf } from "../users/standing.ts";

/** Who may not connect isn't notified either. */
export async function withoutShutOut(core: Core, targets: PushTarget[]): Promise<PushTarget[]> {
  if (targets.length === 0) return targets;
  const states = await core.store.findUserStates(targets.map(({ userId }) => userId));
  const out = new Set(states.filter((state) => shutOutOf(state) !== null).map(({ userId }) => userId));
  return out.size === 0 ? targets : targets.filter(({ userId }) => !out.has(userId));
}
