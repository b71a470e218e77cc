/** What we have published on each subject, counted, and the heartbeats that tell the count once more. */

/** A subject that was quiet for so long is forgotten; its next message begins a new generation. */
const idleMilliseconds = 30_000;

/** For 3 s after the last message; the interval leaves room for the ticks in which heartbeats are sent. */
const beats = 6;
const beatMilliseconds = 450;

/** Above this, the subject that has been known for longest is forgotten. */
const maxSubjects = 100_000;

export class Counted {
  readonly wire: string;
  readonly generation: number;
  readonly startedAt: number;
  /** Count of the next message. */
  next = 0;
  /** When a message was published or a heartbeat sent. */
  lastAt: number;
  /** When the next heartbeat is due. */
  dueAt = 0;
  beatsLeft = 0;
  /** JSON texts that wait for the end of the turn; the last of them has the count `next - 1`. */
  batch: string[] = [];
  batchBytes = 0;

  constructor(wire: string, generation: number, now: number) {
    this.wire = wire;
    this.generation = generation;
    this.startedAt = now;
    this.lastAt = now;
  }
}

export class CountedSubjects {
  readonly #bySubject = new Map<string, Counted>();
  readonly #beating = new Set<Counted>();
  #generation = 0;

  /** The subject's count, for a message that is published now; `nameOnWire` is asked when it is new. */
  touch(subject: string, nameOnWire: (subject: string) => string, now: number): Counted {
    let counted = this.#bySubject.get(subject);
    if (!counted) {
      if (this.#bySubject.size >= maxSubjects) this.#forgetOldest();
      counted = new Counted(nameOnWire(subject), this.#generation++, now);
      this.#bySubject.set(subject, counted);
    }
    counted.lastAt = now;
    counted.dueAt = now + beatMilliseconds;
    if (counted.beatsLeft === 0) this.#beating.add(counted);
    counted.beatsLeft = beats;
    return counted;
  }

  /** Calls for each subject whose heartbeat is due; the callback says whether it could be sent. */
  beat(now: number, send: (counted: Counted) => boolean): void {
    for (const counted of this.#beating) {
      if (now < counted.dueAt || !send(counted)) continue;
      counted.lastAt = now;
      counted.dueAt = now + beatMilliseconds;
      if (--counted.beatsLeft === 0) this.#beating.delete(counted);
    }
  }

  /** Something may have been lost: the counts of all subjects that are remembered are told again, from now on. */
  retell(): void {
    for (const counted of this.#bySubject.values()) {
      counted.dueAt = 0;
      counted.beatsLeft = beats;
      this.#beating.add(counted);
    }
  }

  sweep(now: number): void {
    for (const [subject, counted] of this.#bySubject)
      if (counted.beatsLeft === 0 && now - counted.lastAt > idleMilliseconds) this.#bySubject.delete(subject);
  }

  #forgetOldest(): void {
    for (const [subject, counted] of this.#bySubject) {
      if (counted.batch.length > 0) continue;
      this.#bySubject.delete(subject);
      this.#beating.delete(counted);
      return;
    }
  }
}
