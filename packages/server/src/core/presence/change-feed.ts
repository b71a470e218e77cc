import type { CoreEvent } from "../events.ts";

/** Milliseconds over which changes of a node are put together. */
const gathering = 400;
/** Milliseconds for which a wish to hear is good, and between its repetitions. */
const wantedFor = 60_000;
const wantedAgain = 20_000;
const usersPerEvent = 1000;

/**
 * Tells other nodes whose connections changed here: a few events a second for a whole app, whatever comes and goes, and
 * none while nobody watches. Who watches says so now and then; who may not have heard it tells to be safe.
 */
export class ChangeFeed {
  readonly #publish: (event: CoreEvent) => void;
  readonly #changed = new Set<string>();
  #wantedUntil = performance.now() + wantedFor;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #wanting: ReturnType<typeof setInterval> | null = null;
  #isStopped = false;

  constructor(publish: (event: CoreEvent) => void) {
    this.#publish = publish;
  }

  /** These users' connections changed, and the store has it. */
  add(userIds: Iterable<string>): void {
    if (this.#isStopped || performance.now() > this.#wantedUntil) return;
    for (const userId of userIds) this.#changed.add(userId);
    this.#timer ??= setTimeout(() => this.#tell(), gathering);
  }

  /** Another node, or this one, wants to hear; or may have said so unheard. */
  heardWish(): void {
    this.#wantedUntil = performance.now() + wantedFor;
  }

  /** Whether somebody watches here. */
  want(isWanted: boolean): void {
    if (this.#isStopped || isWanted === (this.#wanting !== null)) return;
    if (this.#wanting) clearInterval(this.#wanting);
    this.#wanting = isWanted ? setInterval(() => this.#sayWish(), wantedAgain) : null;
    if (isWanted) this.#sayWish();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#wanting) clearInterval(this.#wanting);
  }

  #sayWish(): void {
    this.#publish({ kind: "presenceWanted" });
  }

  #tell(): void {
    this.#timer = null;
    const userIds = [...this.#changed];
    this.#changed.clear();
    for (let from = 0; from < userIds.length; from += usersPerEvent) {
      this.#publish({ kind: "presenceChanged", userIds: userIds.slice(from, from + usersPerEvent) });
    }
  }
}
