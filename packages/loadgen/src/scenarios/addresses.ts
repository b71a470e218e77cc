import type { Address } from "../dialects/dialect.ts";

const LOOPBACK_ADDRESSES = 8;
const PROBE_MILLIS = 1000;

/**
 * The loopback addresses under which a server answers: eight where the system and the server allow it, else one.
 * Towards one address and port the kernel looks through half of all source ports once the other half is taken, and the
 * generator would measure that search.
 */
export async function loopbackAddresses({ port }: Address, readyPath: string): Promise<string[]> {
  const all = Array.from({ length: LOOPBACK_ADDRESSES }, (_, i) => `127.0.0.${i + 1}`);
  const answers = await Promise.all(
    all.map((host) =>
      fetch(`http://${host}:${port}${readyPath}`, { signal: AbortSignal.timeout(PROBE_MILLIS) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  return all.filter((host, i) => answers[i] || host === "127.0.0.1");
}
