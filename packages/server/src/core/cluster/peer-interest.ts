import { Interest } from "./interest.ts";
import { type Announced, type Beat, type Told, unpack } from "./wire.ts";

/** Changes kept while the whole is awaited; above that the whole is asked for once more. */
const mostWaiting = 1000;

/**
 * What this node knows of another's interest. As long as it is not sure, everything is wanted: a publisher in doubt
 * floods. It is sure while every change followed the one before and each beat's digest is that of its own copy.
 */
export class PeerInterest {
  readonly #known = new Interest();
  #version = -1;
  /** The newest version that was heard of; sure of less is not sure. */
  #newest = -1;
  #isSure = false;
  #isAll = false;
  readonly #waiting: Announced[] = [];
  #told: { version: number; parts: (Told | undefined)[]; missing: number } | null = null;

  get isSure(): boolean {
    return this.#isSure;
  }

  /** The newest version whose wishes are met from now on: those in doubt get everything. */
  get version(): number {
    return this.#newest;
  }

  get size(): number {
    return this.#known.size;
  }

  get bytes(): number {
    return this.#known.bytes;
  }

  wantsDirectly(keys: readonly number[]): boolean {
    if (!this.#isSure || this.#isAll) return true;
    for (const key of keys) if (this.#known.wantsDirectly(key)) return true;
    return false;
  }

  /** Of one of several keys: it is wanted, and comes directly if it travels on none of those subjects. */
  wantsOnOwnSubject(keys: readonly number[]): boolean {
    if (!this.#isSure || this.#isAll) return false;
    for (const key of keys) if (this.#known.wantsOnOwnSubject(key)) return true;
    return false;
  }

  /** Something may have been lost: everything is sent until the next beat says that all is well. */
  doubt(): void {
    this.#isSure = false;
  }

  /** Each of these three returns whether the whole must be asked for. */
  announced(change: Announced): boolean {
    this.#newest = Math.max(this.#newest, change.version);
    if (change.version <= this.#version) return false;
    if (!this.#isSure) {
      if (this.#waiting.length >= mostWaiting) this.#waiting.length = 0;
      this.#waiting.push(change);
      return false;
    }
    if (change.base === this.#version) this.#follow(change);
    else {
      this.#isSure = false;
      this.#waiting.push(change);
    }
    return !this.#isSure;
  }

  beat({ version, digest, isAll }: Beat): boolean {
    // Something older overtook nothing: changes and beats share a subject.
    if (version < this.#newest) return false;
    this.#newest = version;
    if (isAll) {
      this.#wantAll();
      return false;
    }
    this.#isAll = false;
    if (!this.#isSure && this.#version >= 0) this.#followWaiting();
    this.#isSure = version === this.#version && digest === this.#known.digest;
    return !this.#isSure;
  }

  told(part: Told): boolean {
    if (this.#isSure || part.version < this.#version || !isPart(part)) return false;
    if (this.#told?.version !== part.version || this.#told.parts.length !== part.parts)
      this.#told = { version: part.version, parts: new Array(part.parts), missing: part.parts };
    const { parts } = this.#told;
    if (parts[part.part]) return false;
    parts[part.part] = part;
    if (--this.#told.missing > 0) return false;
    this.#told = null;
    this.#newest = Math.max(this.#newest, part.version);
    if (part.isAll) {
      if (part.version === this.#newest) this.#wantAll();
      return !this.#isSure;
    }
    this.#isAll = false;
    this.#known.clear();
    for (const { direct, own } of parts as Told[])
      this.#known.apply({ direct: [...unpack(direct)], own: [...unpack(own)], none: [] });
    this.#version = part.version;
    this.#followWaiting();
    this.#isSure = this.#version === this.#newest;
    return !this.#isSure;
  }

  #wantAll(): void {
    this.#known.clear();
    this.#waiting.length = 0;
    this.#told = null;
    this.#version = -1;
    this.#isAll = true;
    // Everything is wanted, so there is nothing to be in doubt of.
    this.#isSure = true;
  }

  #followWaiting(): void {
    for (const change of this.#waiting.splice(0)) {
      if (change.base === this.#version) this.#follow(change);
      else if (change.version > this.#version) this.#waiting.push(change);
    }
  }

  #follow(change: Announced): void {
    this.#known.apply(change);
    this.#version = change.version;
  }
}

/** Bounds what a stranger's nonsense could make this node reserve. */
const isPart = ({ part, parts }: Told): boolean =>
  Number.isInteger(part) && Number.isInteger(parts) && part >= 0 && part < parts && parts <= 1024;
