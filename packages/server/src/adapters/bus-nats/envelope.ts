/**
 * What travels in one NATS message: the messages that one node published on one subject in one turn, and where they
 * stand in that node's count, so that receivers notice what is missing. As JSON:
 * `{"v":1,"p":publisher,"g":generation,"a":age,"c":first,"m":[…]}`. An empty `m` is a heartbeat: it says how far
 * the count has come.
 */

export interface Envelope {
  /** One bus from its opening to its close; another one after a restart. */
  publisher: string;
  /** Rises each time the publisher begins to count anew on this subject, because it was quiet for long. */
  generation: number;
  /** Microseconds since this generation began. */
  age: number;
  /** Count of the first of `messages`; the generation's very first message has 0. */
  first: number;
  messages: readonly unknown[];
}

/** Upper bound of what surrounds the messages, in bytes. */
export const envelopeBytes = 200;

/** `messages` are JSON texts already. `publisher` holds letters, digits and hyphens. */
export const encodeEnvelope = (head: Omit<Envelope, "messages">, messages: readonly string[]): string =>
  `{"v":1,"p":"${head.publisher}","g":${head.generation},"a":${head.age},"c":${head.first},"m":[${messages.join(",")}]}`;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Null for whatever is none of ours. */
export const decodeEnvelope = (payload: Uint8Array): Envelope | null => {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { v, p, g, a, c, m } = value as Record<string, unknown>;
  if (v !== 1 || typeof p !== "string" || p.length === 0 || p.length > 64) return null;
  if (!isCount(g) || !isCount(a) || !isCount(c) || !Array.isArray(m)) return null;
  return { publisher: p, generation: g, age: a, first: c, messages: m };
};
