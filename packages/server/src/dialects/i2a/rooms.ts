import type { Core } from "../../core/core.ts";
import { ParlanceError } from "../../errors.ts";
import type { Admission, Conversation, ConversationKind } from "../../ports/store.ts";
import { localId } from "./wire-ids.ts";

/** I2A's numbers for kinds of room. */
export const roomTypes = {
  1: { name: "REGULAR", kind: "group", admission: "members" },
  2: { name: "MASS_PUBLIC", kind: "chatroom", admission: "open" },
  3: { name: "MASS_PRIVATE", kind: "chatroom", admission: "members" },
} as const satisfies Record<number, { name: string; kind: ConversationKind; admission: Admission }>;

export type RoomType = keyof typeof roomTypes;

/** The kinds of conversation that are chat rooms to I2A. */
const roomKinds: readonly ConversationKind[] = ["group", "chatroom"];

/** Others, direct ones among them, are invisible here. */
export const isRoom = ({ kind }: Conversation): boolean => roomKinds.includes(kind);

/** Mass rooms have no read state: only sending and history are allowed there. */
export const isMass = (room: Conversation): boolean => room.kind === "chatroom";

export function roomTypeOf(room: Conversation): RoomType {
  if (!isMass(room)) return 1;
  return room.admission === "open" ? 2 : 3;
}

/** A room known from earlier; undefined means ask `findRoom`. */
export function peekRoom(core: Core, identifier: string): Conversation | undefined {
  return core.conversations.peek(localId(identifier, core.app.key), roomKinds);
}

/** Throws `conversationNotFound`. */
export async function findRoom(core: Core, identifier: string): Promise<Conversation> {
  // No key of a room has a NUL, and not every store can be asked for one.
  const isPossible = !identifier.includes("\0");
  const room = isPossible && (await core.conversations.find(localId(identifier, core.app.key), roomKinds));
  if (!room) throw new ParlanceError("conversationNotFound");
  return room;
}
