/** What the generator must know of a dialect. Everything else (framing, loops, clocks) is the same for all. */

/** Who sits in the rooms and who speaks. */
export interface Plan {
  rooms: number;
  membersPerRoom: number;
  sendersPerRoom: number;
  /** Members per room, besides the senders, whose deliveries are timed. */
  samplesPerRoom: number;
  /** `mass`: rooms of the dialect that send nothing but messages, where it knows such rooms. */
  roomKind: "regular" | "mass";
}

export type Role = "listener" | "sender" | "sampled";

/** One connection to open. */
export interface Seat {
  host: string;
  port: number;
  /** Path and query of the upgrade request, with the token in it. */
  path: string;
  /** The room's id on the wire. */
  room: string;
  role: Role;
  /** Rises over all seats of a run; a sender signs its messages with it. */
  index: number;
}

export interface Address {
  host: string;
  port: number;
}

export interface Prepared {
  seats: Seat[];
  /** How many sessions the back-end API made, and in how many seconds; null where there is no such API. */
  sessions: { count: number; seconds: number } | null;
}

/** Takes the place of one server after the other, so that members of a room are on different ones. */
export const targetOf = (targets: readonly Address[], room: number, member: number): Address => {
  const target = targets[(room + member) % targets.length];
  if (target === undefined) throw new Error("there is no server to connect to");
  return target;
};

/** What a frame from the server is: a chat message, something else, an answer due, the greeting's end, or a refusal. */
export const kind = { message: 0, other: 1, answer: 2, ready: 3, error: 4 } as const;
export type Kind = (typeof kind)[keyof typeof kind];

export interface Dialect {
  readonly name: string;
  /** Makes users, sessions and rooms through the back-end API of equal servers; runs once, in the main process. */
  prepare(targets: readonly Address[], plan: Plan): Promise<Prepared>;
  /** Offered at the upgrade. */
  readonly subprotocol?: string;
  /** Whether permessage-deflate is offered, and insisted on. What we send is never compressed. */
  readonly isCompressed?: boolean;
  /** Whether payloads are bytes; texts if it says nothing. */
  readonly isBinary?: boolean;
  /** Payload sent right after the upgrade, or null. */
  readonly greeting: Uint8Array | null;
  /** Whether a connection without a greeting waits for a frame of the kind `ready`, too. */
  readonly isGreeted?: boolean;
  /** How many messages of one sender may be under way; what is sent beyond waits for an echo. Any number if it says nothing. */
  readonly mostUnderWay?: number;
  /** Payload of a message with this text. Where it holds `firstNumber`, each copy has a number of its own. */
  sendFrame(room: string, text: string): Uint8Array;
  /** Runs for every frame received: looks at a byte or two. */
  classify(bytes: Uint8Array, start: number, end: number): Kind;
  /** Payload due for a frame that classifies as `answer`. */
  answer(bytes: Uint8Array, start: number, end: number): Uint8Array;
}
