import { userOf } from "./back-end.ts";

/** What I2A's clients ask for besides sending, and what they find in frames: for the loops that know this dialect alone. */

const TIME = /"message_timestamp_identifier":"?(\d+)000\b/;

/** Later than any message. */
const END_OF_TIME = "9000000000000000000";
const PAGE = 100;

const asFrame = (frame: object): Buffer => Buffer.from(JSON.stringify(frame));

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();

/** Ids are nanoseconds on the wire, and whole microseconds, which fit a double. */
const wireTime = (micros: number): string => `${micros}000`;

/** Says that its sender has read up to the message of this time. */
export const markFrame = (room: string, micros: number): Buffer =>
  asFrame({
    type: "SET_LAST_MESSAGE_READ",
    chat_room_identifier: room,
    message_timestamp_identifier: wireTime(micros),
  });

/** Asks for a page of history before `micros`, or from the end. */
export const historyFrame = (room: string, micros: number | null): Buffer =>
  asFrame({
    type: "GET_HISTORY",
    chat_room_identifier: room,
    from_message_timestamp_identifier: micros === null ? END_OF_TIME : wireTime(micros),
    limit: PAGE,
  });

/** The id of a message, in microseconds; throws for a frame without one. */
export function timeIn(bytes: Uint8Array, start: number, end: number): number {
  const text = textOf(bytes, start, end);
  const digits = TIME.exec(text)?.[1];
  if (digits === undefined) throw new Error(`a frame without a time: ${text.slice(0, 200)}`);
  return Number(digits);
}

export interface HistoryPage {
  /** Ids in microseconds, newest first. */
  times: number[];
  /** Whether nothing is older. */
  isLast: boolean;
}

/** Null for any other frame. */
export function historyIn(bytes: Uint8Array, start: number, end: number): HistoryPage | null {
  const text = textOf(bytes, start, end);
  if (!text.startsWith('{"type":"GET_HISTORY"')) return null;
  const { payload } = JSON.parse(text) as { payload: { message_timestamp_identifier: string }[] };
  const times = payload.map((item) => Number(item.message_timestamp_identifier.slice(0, -3)));
  return { times, isLast: times.length < PAGE };
}

/** Whether something was refused. */
export const isRefusal = (bytes: Uint8Array, start: number, end: number): boolean =>
  textOf(bytes, start, end).startsWith('{"type":"ERROR"');

/** Tells whether a frame says that the read mark of the user with this index moved. */
export function isMarkOf(index: number): (bytes: Uint8Array, start: number, end: number) => boolean {
  const user = Buffer.from(`"app_user_identifier":"${userOf(index)}:`);
  const type = Buffer.from('"SET_LAST_MESSAGE_READ"');
  return (bytes, start, end) => {
    const frame = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    return frame.includes(type) && frame.includes(user);
  };
}
