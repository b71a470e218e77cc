import type { Sight, Time, View } from "../checker/history.ts";

/** Milliseconds after a removal was confirmed when nothing may come any more, whatever is broken meanwhile. */
const removedWithin = 25_000;

/** What a person has seen of a room on one device, while it is being seen. */
export class RoomView implements View {
  readonly person: string;
  readonly room: string;
  /** Mass rooms have neither marks nor counts. */
  readonly isMass: boolean;
  isMember: boolean;
  readonly sights: Sight[] = [];
  /** Everything up to here was seen; 0 before the first message. */
  head: Time = 0;
  /** The furthest mark of this person that the server confirmed. */
  confirmed: Time = 0;
  /** Whether the server this person is connected to has refused to show the room, as it must after a removal. */
  isRefused = true;
  /** Whether history is left unread for now: who was added must hear what is sent from then on without asking. */
  isPatient = false;
  /** How often the membership changed. */
  changes = 0;
  /** When the last change was confirmed; infinite while one is under way. */
  settledAt = Number.NEGATIVE_INFINITY;
  #removedAt = Number.POSITIVE_INFINITY;

  constructor(person: string, room: string, isMass: boolean, isMember: boolean) {
    this.person = person;
    this.room = room;
    this.isMass = isMass;
    this.isMember = isMember;
  }

  /** Nothing is to be caught up with where one is no member. */
  get isCaughtUp(): boolean {
    return !this.isMember || (this.sights.at(-1)?.isCaughtUp ?? false);
  }

  /** A connection begins. */
  begin(): void {
    this.isRefused = this.isPatient = false;
    if (this.isMember) this.sights.push({ known: this.head, live: [], history: [], isCaughtUp: false });
  }

  /** It was confirmed that the person is a member. */
  join(isConnected: boolean, isPatient: boolean): void {
    this.isMember = true;
    this.changes++;
    this.settledAt = performance.now();
    this.begin();
    const sight = this.sights.at(-1);
    // Who reads history at once may miss live what that shows.
    if (sight && isConnected) sight.joinedAt = isPatient ? this.settledAt : Number.POSITIVE_INFINITY;
    this.isPatient = isConnected && isPatient;
  }

  /** The membership is about to change: from now on nothing is known for certain. */
  leave(): void {
    this.isMember = false;
    this.isRefused = false;
    this.settledAt = this.#removedAt = Number.POSITIVE_INFINITY;
    this.changes++;
  }

  /** It was confirmed that the person is no member any more. */
  left(since = performance.now()): void {
    this.settledAt = this.#removedAt = since;
  }

  /** False: it came long after it was none of the person's business any more. */
  hear(time: Time): boolean {
    if (!this.isMember) return performance.now() - this.#removedAt < removedWithin;
    const sight = this.sights.at(-1);
    sight?.live.push(time);
    if (sight?.isCaughtUp) this.head = Math.max(this.head, time);
    return true;
  }

  /** What was read between the newest message and the head, oldest first. */
  catchUp(history: Time[]): void {
    const sight = this.sights.at(-1);
    if (!sight) return;
    sight.history = history;
    sight.isCaughtUp = true;
    this.head = Math.max(this.head, history.at(-1) ?? 0, sight.live.at(-1) ?? 0);
  }
}
