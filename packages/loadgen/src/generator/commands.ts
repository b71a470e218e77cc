import type { Address, Seat } from "../dialects/dialect.ts";
import type { DialectName } from "../dialects/table.ts";
import type { Busy } from "../usage.ts";

/** What the main process asks of a generator process, and what it answers; JSON in both directions. */

export interface Connect {
  do: "connect";
  dialect: DialectName;
  seats: Seat[];
  /** Handshakes under way at once. */
  width: number;
}

export interface Connected {
  seconds: number;
}

/** Sends as fast as echoes come back: every echo allows its sender one more message. */
export interface ClosedLoop {
  do: "closed";
  /** Messages under way, over all senders of all generators. */
  outstanding: number;
  /** Senders of all generators. */
  senders: number;
  warmUpMillis: number;
  measureMillis: number;
  textLength: number;
  /** Processes of the server, whose CPU time is read at both ends of the measurement. */
  watch: number[];
}

/** Sends on a clock, whatever comes back. */
export interface OpenLoop extends Omit<ClosedLoop, "do" | "outstanding"> {
  do: "open";
  /** Messages a second, over all senders of all generators. */
  perSecond: number;
  /** This generator sends every `stride`-th message of the schedule, starting with the `offset`-th. */
  stride: number;
  offset: number;
}

/** Fills each room with so many messages, by its one sender; done when every listener has them. */
export interface Fill {
  do: "fill";
  perRoom: number;
  textLength: number;
}

/** Has listeners move their read marks through what filled the rooms, as fast as they are answered. */
export interface Marks {
  do: "marks";
  warmUpMillis: number;
  measureMillis: number;
  watch: number[];
}

/** Sends on a clock, and kills one of the servers when `beforeMillis` have passed. For one generator. */
export interface Outage {
  do: "outage";
  /** Messages a second, over all senders. */
  perSecond: number;
  beforeMillis: number;
  /** How long after the kill counts as its time. */
  afterMillis: number;
  laterMillis: number;
  textLength: number;
  victim: { pid: number; port: number };
  /** Where its clients connect then, after a random time of at most `spreadMillis`. */
  refuges: Address[];
  spreadMillis: number;
}

export interface OutageResult {
  /** Before, after and later, by when messages were due, of senders on servers that live. */
  phases: { sent: number; acknowledged: number; echo: [number, number][] }[];
  lateness: [number, number][];
  /** From the kill until each client of the victim was connected and had what it lacked; null: never. */
  backMillis: (number | null)[];
  /** Messages that some member of a room has and another lacks, at the end. */
  missing: number;
}

export interface Close {
  do: "close";
}

/** The counters so far; asked for until they stand still, to see whether everything sent arrived. */
export interface Count {
  do: "count";
}

export interface Counted {
  sent: number;
  acknowledged: number;
  messages: number;
  lost: number;
  errors: number;
  firstError: string | null;
}

/** What happened in the measured window of a loop. */
export interface Measured {
  seconds: number;
  sent: number;
  acknowledged: number;
  messages: number;
  frames: number;
  bytes: number;
  bytesSent: number;
  /** Microseconds from the (intended) sending to the sender's own echo. */
  echo: [number, number][];
  /** Microseconds from the (intended) sending to a sampled member. */
  delivery: [number, number][];
  /** Microseconds that the generator was late against its own schedule. */
  lateness: [number, number][];
  server: Busy;
  generator: Busy;
}

export type Command = Connect | ClosedLoop | OpenLoop | Fill | Marks | Outage | Count | Close;

export interface Request {
  id: number;
  command: Command;
}

export type Reply = { id: number; result: unknown } | { id: number; error: string };
