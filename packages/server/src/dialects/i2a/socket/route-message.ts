import { permitSend } from "../../../core/messages/permit-send.ts";
import { assertMessageSize, sendMessage } from "../../../core/messages/send-message.ts";
import { textContent, textType } from "../../../core/messages/text-message.ts";
import { ParlanceError } from "../../../errors.ts";
import type { Connection } from "../../../gateway/connection.ts";
import { OwnEchoes } from "../../../gateway/own-echoes.ts";
import type { Conversation } from "../../../ports/store.ts";
import { isMass } from "../rooms.ts";
import { errorFrameFor, FrameError, isOutcomeUnknown } from "./error-frames.ts";
import { admittedRoom, type Frame, peekAdmittedRoom, requireField, requireString } from "./frame-fields.ts";
import { liveFrames } from "./live-frames.ts";

/**
 * Sends a message; its echo is the acknowledgement and comes once it is on disk. Returns as soon as the message has its
 * place in the queue to disk: the next frame of this connection need not wait for the commit.
 */
export function routeMessage(connection: Connection, frame: Frame): Promise<void> | undefined {
  const identifier = requireString(frame, "chat_room_identifier");
  const text = requireText(connection, frame);
  const room = peekAdmittedRoom(connection, identifier);
  if (room) return sendPermitted(connection, room, text);
  return admittedRoom(connection, identifier).then((found) => sendPermitted(connection, found, text));
}

function sendPermitted(connection: Connection, room: Conversation, text: string): Promise<void> | undefined {
  const { core, user } = connection;
  const permission = permitSend(core, { conversation: room, senderId: user.userId });
  if (permission === null) return send(connection, room, text);
  return permission.then(() => send(connection, room, text));
}

function requireText(connection: Connection, frame: Frame): string {
  const text = requireField(frame, "message");
  if (typeof text !== "string") throw new FrameError("messageNotString");
  try {
    assertMessageSize(connection.core, text);
  } catch {
    const max_bytes = connection.core.limits.messageBytes;
    throw new FrameError("invalidFormat", { field_name: "message", max_bytes });
  }
  // Halves of surrogate pairs can't be stored; everybody sees the same replacement, live and in history.
  return text.toWellFormed();
}

function send(connection: Connection, room: Conversation, text: string): undefined {
  const { core, user } = connection;
  const { userId, userData } = user;
  const append = sendMessage(core, {
    conversation: room,
    senderId: userId,
    senderData: userData,
    type: textType,
    content: textContent(text),
    marksRead: !isMass(room),
    isByClient: true,
  });
  connection.trackAppend(append);
  append.then(
    (sent) => {
      // Only members hear a room. Somebody who writes to a public one from outside still gets the acknowledgement.
      if (user.isMemberOf(room.id)) return;
      connection.echoes ??= new OwnEchoes();
      connection.echoes.add(room.id, sent.message.seq);
      for (const echo of liveFrames(core, sent, userId)) connection.send(echo);
    },
    (error) => {
      if (!(error instanceof ParlanceError)) core.log.info({ error: String(error) }, "message refused");
      if (isOutcomeUnknown(error)) connection.close("outcomeUnknown");
      else connection.send(errorFrameFor(error));
    },
  );
}
