import type { Sight, Time, View } from "../checker/history.ts";

/** What a person has seen of a room, while it is being seen. */
export class RoomView implements View {
  readonly person: string;
  readonly room: string;
  readonly sights: Sight[] = [];
  /** Everything up to here was seen; 0 before the first message. */
  head: Time = 0;
  /** The furthest mark of this person that the server confirmed. */
  confirmed: Time = 0;

  constructor(person: string, room: string) {
    this.person = person;
    this.room = room;
  }

  get isCaughtUp(): boolean {
    return this.sights.at(-1)?.isCaughtUp ?? false;
  }

  begin(): void {
    this.sights.push({ known: this.head, live: [], history: [], isCaughtUp: false });
  }

  hear(time: Time): void {
    const sight = this.sights.at(-1);
    sight?.live.push(time);
    if (sight?.isCaughtUp) this.head = Math.max(this.head, time);
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
