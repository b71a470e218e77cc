import type { Envelope } from "./envelope.ts";

interface Publisher {
  generation: number;
  /** Count of the next message we expect. */
  next: number;
  heardAt: number;
}

/** More nodes than these on one subject are not counted; the one heard of first is forgotten. */
const maxPublishers = 1024;

/** A publisher begins a new generation after a shorter silence than this (`counted.ts`). */
export const forgetMilliseconds = 300_000;

/** How far one subscription has heard each publisher of its subject. */
export class Heard {
  readonly #publishers = new Map<string, Publisher>();
  /** When NATS had confirmed the subscription; what is published from then on is ours to hear. */
  #since = Number.POSITIVE_INFINITY;

  get publishers(): number {
    return this.#publishers.size;
  }

  begin(now: number): void {
    this.#since = now;
  }

  /**
   * `skip`: how many of the messages were heard before. `isGap`: some before them never came. Who is heard for the
   * first time may have published before we subscribed, which is no gap; but had we subscribed when its generation
   * began, then we miss what came before. In doubt, which the time on the way can put us in, it is a gap: asking the
   * store in vain costs little.
   */
  hear(envelope: Envelope, now: number): { skip: number; isGap: boolean } {
    const { publisher, generation, age, first, messages } = envelope;
    const end = first + messages.length;
    const known = this.#publishers.get(publisher);
    if (known?.generation === generation) {
      const expected = known.next;
      known.heardAt = now;
      known.next = Math.max(expected, end);
      return { skip: Math.min(messages.length, Math.max(0, expected - first)), isGap: first > expected };
    }
    if (!known && this.#publishers.size >= maxPublishers) {
      const [oldest] = this.#publishers.keys();
      if (oldest !== undefined) this.#publishers.delete(oldest);
    }
    this.#publishers.set(publisher, { generation, next: end, heardAt: now });
    return { skip: 0, isGap: first > 0 && (now - this.#since) * 1000 >= age };
  }

  /** Forgets publishers that have been silent for long. */
  sweep(now: number): void {
    for (const [id, { heardAt }] of this.#publishers)
      if (now - heardAt > forgetMilliseconds) this.#publishers.delete(id);
  }
}
