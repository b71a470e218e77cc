/** Everything this back end asks of Parlance, signed by the app's secret, which never reaches the page. */

import { Refusal } from "./refusal.ts";

const timeoutMs = 5_000;

export interface Parlance {
  /** Returns the token that this device connects with. `data` is what others see beside the user's messages. */
  openSession(userId: string, deviceId: string, data: object): Promise<string>;
  /** Returns the group's id, as clients name it. */
  createGroup(userIds: readonly string[]): Promise<string>;
  /** One that anybody may enter; returns its id, as clients name it. */
  createChatroom(): Promise<string>;
  addMembers(groupId: string, userIds: readonly string[]): Promise<void>;
}

export function connectParlance(apiUrl: string, app: { key: string; secret: string }): Parlance {
  const call = async (path: string, fields: object): Promise<Record<string, unknown>> => {
    let response: Response;
    try {
      response = await fetch(`${apiUrl}/server-to-server/v1/${path}`, {
        method: "POST",
        headers: { "x-application-secret": app.secret, "content-type": "application/json" },
        body: JSON.stringify(fields),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (cause) {
      throw new Refusal(502, `The chat service did not answer (${(cause as Error).name}).`);
    }
    const text = await response.text();
    if (!response.ok)
      throw new Refusal(
        response.status === 429 ? 429 : 502,
        `The chat service refused (${response.status}).`,
      );
    return text === "" ? {} : JSON.parse(text);
  };
  const suffix = `:${app.key}`;
  const createRoom = async (fields: object): Promise<string> => {
    const id = String((await call("chat-room/", fields)).identifier);
    return id.endsWith(suffix) ? id.slice(0, -suffix.length) : id;
  };
  return {
    openSession: async (userId, deviceId, data) =>
      String(
        (
          await call("session/open-session/", {
            application_user_identifier: userId,
            device_identifier: deviceId,
            custom_data: JSON.stringify(data),
          })
        ).token,
      ),
    createGroup: (userIds) => createRoom({ type: 1, application_users_identifiers: userIds }),
    createChatroom: () => createRoom({ type: 2 }),
    async addMembers(groupId, userIds) {
      await call(`chat-room/${encodeURIComponent(groupId)}/add-users/`, {
        application_users_identifiers: userIds,
      });
    },
  };
}
