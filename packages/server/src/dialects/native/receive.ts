import {
  type Codec,
  FrameRefused,
  isMethodName,
  limits,
  type MethodName,
  methods,
  type RequestFrame,
  readRequest,
} from "@parlance/protocol";
import { faultsOf } from "@parlance/protocol/check";
import { Compile } from "typebox/compile";
import { ParlanceError } from "../../errors.ts";
import type { Connection } from "../../gateway/connection.ts";
import { rows } from "./methods/index.ts";
import type { MethodRow } from "./methods/method.ts";
import { beginRequest, endRequest } from "./open-requests.ts";
import { errorBody, nameOf, Refusal } from "./refusal.ts";

export interface ReceiveOptions {
  onRefused(code: string): void;
  onError(error: unknown): void;
}

const checks = new Map<string, (params: unknown) => boolean>(
  Object.entries(methods).map(([name, { params }]) => {
    const validator = Compile(params as object);
    return [name, (value: unknown) => validator.Check(value)];
  }),
);

/** Answers one frame, now or later; other frames are answered meanwhile unless it is a send that has no place yet. */
export function receive(
  options: ReceiveOptions,
  codec: Codec,
  connection: Connection,
  data: string | Uint8Array,
): Promise<void> | undefined {
  const request = read(options, codec, connection, data);
  return request === null ? undefined : answer(options, codec, connection, request);
}

/** The connection sent more frames than it may: the request is not carried out. */
export function decline(
  options: ReceiveOptions,
  codec: Codec,
  connection: Connection,
  data: string | Uint8Array,
  retryAfterMs: number,
): void {
  const request = read(options, codec, connection, data);
  if (request === null) return;
  refuse(options, codec, connection, request.id, new ParlanceError("tooManyRequests", { retryAfterMs }));
}

/** Null: it is none, and the client is told so. */
function read(
  options: ReceiveOptions,
  codec: Codec,
  connection: Connection,
  data: string | Uint8Array,
): RequestFrame | null {
  if (isTooLarge(data)) return end(connection, "frameTooLarge");
  try {
    return readRequest(codec.decode(data));
  } catch (error) {
    if (!(error instanceof FrameRefused)) options.onError(error);
    const id = error instanceof FrameRefused ? error.id : null;
    if (id === null) return end(connection, "invalidFrame");
    refuse(options, codec, connection, id, error);
    return null;
  }
}

/** A UTF-16 unit takes at most 3 bytes, so short texts need no counting. */
const isTooLarge = (data: string | Uint8Array): boolean =>
  typeof data === "string"
    ? data.length * 3 > limits.frameBytes && Buffer.byteLength(data) > limits.frameBytes
    : data.length > limits.frameBytes;

/** What was sent before is still answered. */
function end(connection: Connection, reason: "frameTooLarge" | "invalidFrame"): null {
  connection.dropInbox();
  void connection.closeInOrder(reason);
  return null;
}

function answer(
  options: ReceiveOptions,
  codec: Codec,
  connection: Connection,
  { id, method, params }: RequestFrame,
): Promise<void> | undefined {
  let row: MethodRow;
  try {
    row = findRow(method, params);
    beginRequest(connection, id);
  } catch (error) {
    return void refuse(options, codec, connection, id, error);
  }
  let held: Promise<unknown> | undefined;
  const call = {
    connection,
    hold(until: Promise<unknown>) {
      held = until;
    },
  };
  const replied = row.run(call, params as never).then(
    (result) => {
      endRequest(connection, id);
      connection.send(codec.encode({ id, result }));
    },
    (error) => {
      endRequest(connection, id);
      refuse(options, codec, connection, id, error);
    },
  );
  if (row.isWrite) connection.trackAppend(replied);
  return row.isAlone ? replied : held?.then(() => {});
}

/** Throws `unknownMethod`, `invalidParams`. */
function findRow(name: string, params: unknown): MethodRow {
  const row = isMethodName(name) ? rows.get(name) : undefined;
  if (!row) throw new Refusal("unknownMethod");
  if (checks.get(name)?.(params)) return row;
  throw new Refusal("invalidParams", faultsOf(methods[name as MethodName].params, params).join("; "));
}

function refuse(
  { onRefused, onError }: ReceiveOptions,
  codec: Codec,
  connection: Connection,
  id: number,
  error: unknown,
): void {
  const refusal = error instanceof FrameRefused ? new Refusal(error.code, error.message) : error;
  const name = nameOf(refusal);
  onRefused(name);
  if (name === "internal") onError(error);
  connection.send(codec.encode({ id, error: errorBody(refusal) }));
}
