import { PeerInterest } from "./peer-interest.ts";
import { nodeSubject } from "./wire.ts";

/** Another node: what it wants of us, and how far it knows what we want of it. */
export class Peer {
  readonly id: string;
  readonly subject: string;
  readonly interest = new PeerInterest();
  /** Which of our relations with it this is; it is told with each confirmation. */
  readonly relation: number;
  /** We had published nothing before this relation began. */
  readonly isWhole: boolean;
  /** Its relation with us, and the version of our interest that it has confirmed. */
  theirRelation: number | null = null;
  confirmed = -1;
  /** Ticks without a word of it. Not a time: who was stopped himself has the words still to read. */
  silentTicks = 0;
  /** By key, what it last said that many listen to. */
  crowds: readonly (readonly [key: number, listeners: number])[] = [];

  constructor(id: string, relation: number, isWhole: boolean) {
    this.id = id;
    this.subject = nodeSubject(id);
    this.relation = relation;
    this.isWhole = isWhole;
  }

  get isSilent(): boolean {
    return this.silentTicks >= silentAfter;
  }
}

/** In ticks of 250 ms: two beats and a half, and what it takes to be forgotten. */
export const silentAfter = 10;
export const forgottenAfter = 40;
