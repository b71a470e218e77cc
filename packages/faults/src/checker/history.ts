/** Everything that is known about a run: what the checker is given. */

/** Time of a message in microseconds: its key within its room. */
export type Time = number;

export interface LogEntry {
  time: Time;
  author: string;
  text: string;
  /** History may have left it out for a while. */
  wasHidden?: boolean;
}

/** A text is sent once and never again, so it names its send. */
export interface Send {
  person: string;
  device: string;
  room: string;
  text: string;
  /** Milliseconds on the clock of `Sight.joinedAt`. */
  begunAt: number;
  /** Refused: the sender was told that it was not accepted. Unanswered: nobody knows. */
  answer: "acknowledged" | "refused" | "unanswered";
  /** Of the echo, when acknowledged. */
  time: Time | null;
}

/** What one connection showed of one room. */
export interface Sight {
  /** Everything up to here was seen before; 0 before the first message. */
  known: Time;
  /** Times in the order in which their frames came. */
  live: Time[];
  /** Read after the connection was open: what is later than `known`, oldest first. */
  history: Time[];
  /** Whether history was read from the newest message back to `known`. */
  isCaughtUp: boolean;
  /**
   * When it was confirmed that the person was added, if that began it: what was sent after that must come live. Infinite:
   * only what history did not show must. Frames
   * from before may still have been on their way.
   */
  joinedAt?: number;
}

/** What one device of a person saw of one room, in order: a sight per connection, and one from each time they were added. */
export interface View {
  person: string;
  room: string;
  /** Whether the person is a member at the end. */
  isMember: boolean;
  sights: Sight[];
}

/** What a person was told at the end, in a room where nobody wrote any more. */
export interface UnreadAnswer {
  person: string;
  room: string;
  /** Null: never answered. */
  count: number | null;
  /** Where the server says that the person's mark stands; 0 without one. */
  mark: Time;
  /** The furthest mark that the server ever confirmed to this person, own messages included. */
  confirmed: Time;
}

export interface History {
  /** By room, oldest first. */
  logs: Map<string, LogEntry[]>;
  /** Each device's in the order of sending; it sends only after the last send was answered or given up. */
  sends: Send[];
  views: View[];
  unread: UnreadAnswer[];
}

export type ViolationKind =
  | "lost"
  | "doubled"
  | "reordered"
  | "refused but stored"
  | "foreign"
  | "missing live"
  | "repeated live"
  | "reordered live"
  | "never logged"
  | "history differs"
  | "behind"
  | "wrong unread"
  | "mark lost"
  | "late"
  | "sent away"
  | "crashed"
  | "denied"
  | "not theirs"
  | "still shown";

export interface Violation {
  kind: ViolationKind;
  text: string;
}

/** A few of many, with how many there are. */
export const some = (items: readonly unknown[]): string =>
  items.length <= 5
    ? items.join(", ")
    : `${items.slice(0, 3).join(", ")} … ${items.at(-1)} (${items.length})`;
