/**
 * Everything this back end ever asks of Parlance: seven calls over HTTP, signed by the app secret.
 *
 * The secret never leaves this process. There is no call to list rooms, on purpose: what rooms exist, who is in them
 * and who may do what is known here (rooms.ts), not there.
 */
import { Refusal } from "./refusal.ts";

export interface ParlanceOptions {
  /** Where Parlance listens, e.g. `http://127.0.0.1:8080`. */
  apiUrl: string;
  secret: string;
}

/** `regular`: members only. `massPublic`: anyone may join; no read marks and no unread counts. */
export const roomTypes = { regular: 1, massPublic: 2 } as const;

const timeoutMs = 5_000;

type Fields = Record<string, string | string[]>;

/** Lists travel as repeated keys, the way I2A's own SDK sends them. Parlance takes JSON as well. */
const encodeForm = (fields: Fields): URLSearchParams => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of [value].flat()) form.append(name, item);
  }
  return form;
};

const sentences: Record<number, string> = {
  404: "The chat service does not know this room or message any more.",
  429: "The chat service is busy; try again in a moment.",
};

export const connectParlance = ({ apiUrl, secret }: ParlanceOptions) => {
  const base = `${apiUrl.replace(/\/+$/, "")}/server-to-server/v1/`;

  const call = async (method: "POST" | "DELETE", path: string, fields?: Fields) => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(base + path, {
        method,
        headers: { "x-application-secret": secret },
        signal: AbortSignal.timeout(timeoutMs),
        ...(fields && { body: encodeForm(fields) }),
      });
      text = await response.text();
    } catch (cause) {
      throw new Refusal(502, `The chat service did not answer (${(cause as Error).name}).`);
    }
    if (response.ok) return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    const sentence = sentences[response.status];
    if (sentence !== undefined) throw new Refusal(response.status, sentence);
    throw new Refusal(502, `The chat service refused (${response.status}): ${text.slice(0, 200)}`);
  };

  const roomPath = (room: string) => `chat-room/${encodeURIComponent(room)}/`;

  return {
    /** Returns the identifier of the new room, to be kept in our own database. */
    createRoom: async (type: number, userIds: string[]): Promise<string> =>
      String(
        (await call("POST", "chat-room/", { type: String(type), application_users_identifiers: userIds }))
          .identifier,
      ),

    addUsers: (room: string, userIds: string[]) =>
      call("POST", `${roomPath(room)}add-users/`, { application_users_identifiers: userIds }),

    removeUsers: (room: string, userIds: string[]) =>
      call("POST", `${roomPath(room)}remove-users/`, { application_users_identifiers: userIds }),

    deleteRoom: (room: string) => call("DELETE", roomPath(room)),

    /** Returns the token with which that one device opens its socket. */
    openSession: async (userId: string, deviceId: string, customData: object): Promise<string> =>
      String(
        (
          await call("POST", "session/open-session/", {
            application_user_identifier: userId,
            device_identifier: deviceId,
            custom_data: JSON.stringify(customData),
          })
        ).token,
      ),

    closeSession: (token: string) => call("POST", "session/close-session/", { token }),

    sendSystemMessage: (room: string, message: string) =>
      call("POST", "system-message/send-system-message/", { chat_room_identifier: room, message }),

    reportMessage: (userId: string, room: string, messageId: string, type: number, message: string) =>
      call("POST", "reported-chat-message/", {
        application_user_identifier: userId,
        chat_room_identifier: room,
        message_timestamp_identifier: messageId,
        report_type: String(type),
        ...(message !== "" && { message }),
      }),
  };
};

export type Parlance = ReturnType<typeof connectParlance>;
