import { isAdmitted } from "../../../core/conversations/admission.ts";
import type { Core } from "../../../core/core.ts";
import { ParlanceError } from "../../../errors.ts";
import type { Connection } from "../../../gateway/connection.ts";
import type { Conversation } from "../../../ports/store.ts";
import { findRoom, isMass, peekRoom, roomTypeOf } from "../rooms.ts";
import { parseTime, wireId } from "../wire-ids.ts";
import { FrameError } from "./error-frames.ts";

/** A request frame: a JSON object with a type that is known. */
export type Frame = Record<string, unknown> & { type: string };

/** I2A's servers treat what is falsy (an empty text, 0, an empty list) like what is missing. */
export function requireField(frame: Frame, name: string): unknown {
  const value = frame[name];
  const isEmptyList = Array.isArray(value) && value.length === 0;
  if (!value || isEmptyList) throw new FrameError("missingField", { field_name: name });
  return value;
}

export function requireString(frame: Frame, name: string): string {
  const value = requireField(frame, name);
  if (typeof value !== "string") throw new FrameError("invalidFormat", { field_name: name });
  return value;
}

export function requireTime(frame: Frame, name: string): bigint {
  const time = parseTime(requireField(frame, name));
  if (time === null) throw new FrameError("invalidFormat", { field_name: name });
  return time;
}

/** A positive whole number, also as digits in a string; absent or falsy gives the default. */
export function optionalCount(frame: Frame, name: string, byDefault: number): number {
  const value = frame[name];
  if (!value) return byDefault;
  const count = typeof value === "string" ? Number(value) : value;
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1) {
    throw new FrameError("invalidFormat", { field_name: name });
  }
  return count;
}

export function requireRoomIdentifiers(frame: Frame, most: number): string[] {
  const name = "chat_room_identifiers";
  const value = requireField(frame, name);
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new FrameError("invalidFormat", { field_name: name });
  }
  if (value.length > most) throw new FrameError("tooManyRooms");
  return value;
}

/** The room if it and the asker's part in it are known; null means ask `admittedRoom`. */
export function peekAdmittedRoom(connection: Connection, identifier: string): Conversation | null {
  const room = peekRoom(connection.core, identifier);
  return room && isAdmitted(connection.user, room) ? room : null;
}

/** Throws `conversationNotFound` and `notMember`. */
export async function admittedRoom(connection: Connection, identifier: string): Promise<Conversation> {
  const room = await findRoom(connection.core, identifier);
  await assertAdmitted(connection, room);
  return room;
}

/** As `admittedRoom`, for requests that only rooms with read state answer. */
export async function regularRoom(
  connection: Connection,
  identifier: string,
  type: string,
): Promise<Conversation> {
  const room = await findRoom(connection.core, identifier);
  if (isMass(room)) {
    throw new FrameError("wrongRoomType", { chat_room_type: roomTypeOf(room), method_type: type });
  }
  await assertAdmitted(connection, room);
  return room;
}

async function assertAdmitted(connection: Connection, room: Conversation): Promise<void> {
  const { core, user } = connection;
  if (isAdmitted(user, room) || (await connection.confirmMembership(room.id))) return;
  throw new ParlanceError("notMember", {
    chat_room_identifier: wireRoom(core, room),
    application_user_identifier: wireId(user.userId, core.app.key),
  });
}

export const wireRoom = (core: Core, room: Conversation): string => wireId(room.key, core.app.key);
