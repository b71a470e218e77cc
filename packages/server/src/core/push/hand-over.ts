import { mostPushesAtOnce, type Push, type PushOutcome, type PushProvider } from "../../ports/push.ts";
import type { Core } from "../core.ts";

/** What is left to be done about notifications that were handed to the provider. */
export interface HandedOver {
  sent: number;
  /** Those that may work later. */
  failed: Push[];
}

/** Milliseconds; less than the time that rows of the outbox are held. */
const longestWait = 20_000;

/** Addresses that are dead are forgotten. Never rejects for what the provider does. */
export async function handOver(
  core: Core,
  provider: PushProvider,
  pushes: readonly Push[],
): Promise<HandedOver> {
  const result: HandedOver = { sent: 0, failed: [] };
  for (let from = 0; from < pushes.length; from += mostPushesAtOnce) {
    const some = pushes.slice(from, from + mostPushesAtOnce);
    const outcomes = await outcomesOf(provider, some);
    const dead: Push[] = [];
    for (const [index, push] of some.entries()) {
      const outcome = outcomes[index] ?? "failed";
      if (outcome === "sent") result.sent++;
      else (outcome === "dead" ? dead : result.failed).push(push);
    }
    if (dead.length > 0) {
      await core.store.forgetPushTokens(
        dead.map(({ userId, deviceId, token }) => ({ userId, deviceId, token })),
      );
      core.log.info({ devices: dead.length, provider: provider.name }, "dead push addresses forgotten");
    }
  }
  return result;
}

async function outcomesOf(provider: PushProvider, pushes: readonly Push[]): Promise<readonly PushOutcome[]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<readonly PushOutcome[]>((resolve) => {
    timer = setTimeout(resolve, longestWait, []);
  });
  try {
    return await Promise.race([provider.send(pushes), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
