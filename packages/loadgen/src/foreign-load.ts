import { cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const WATCH_MILLIS = 1000;
/** Above this many cores, what else runs here shows in the numbers. */
const TOLERATED_CORES = 0.1;

const busyMillis = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.sys + times.nice + times.irq, 0);

/** Watches this machine for a second before anything starts; a sentence if others keep it busy, else null. */
export async function warnOfForeignLoad(): Promise<string | null> {
  const before = busyMillis();
  const began = performance.now();
  await delay(WATCH_MILLIS);
  const cores = (busyMillis() - before) / (performance.now() - began);
  if (cores <= TOLERATED_CORES) return null;
  return `WARNING: before the start, other programs kept ${cores.toFixed(1)} of ${cpus().length} cores busy`;
}
