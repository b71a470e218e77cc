// @ts-check
/** Calls to our own back end. The bearer token lives in sessionStorage: two tabs can be two people. */

/**
 * @typedef {import("./types.d.ts").Person} Person
 * @typedef {import("./types.d.ts").RoomInfo} RoomInfo
 * @typedef {{ token: string, socket_url: string, app_user_identifier: string }} SocketSession
 */

const tokenKey = "parlance-demo-token";
const timeoutMs = 15_000;

export class ApiError extends Error {
  /** @param {number} status 0: no answer at all. @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const hasToken = () => sessionStorage.getItem(tokenKey) !== null;
export const forgetToken = () => sessionStorage.removeItem(tokenKey);

/** @param {string} method @param {string} path @param {object} [body] @returns {Promise<any>} */
const call = async (method, path, body) => {
  const token = sessionStorage.getItem(tokenKey);
  let response;
  let answer;
  try {
    response = await fetch(`api/${path}`, {
      method,
      headers: { ...(token !== null && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    });
    answer = await response.json();
  } catch {
    throw new ApiError(0, "The server can’t be reached.");
  }
  if (!response.ok) throw new ApiError(response.status, String(answer.error ?? response.status));
  return answer;
};

export const api = {
  /** @returns {Promise<string[]>} */
  suggestions: async () => (await call("GET", "suggestions")).names,

  /** @param {string} name @returns {Promise<Person>} */
  async login(name) {
    const { token, user } = await call("POST", "login", { name });
    sessionStorage.setItem(tokenKey, token);
    return user;
  },

  /** @param {string} socketToken */
  async logout(socketToken) {
    await call("POST", "logout", { socket_token: socketToken }).catch(() => {});
    forgetToken();
  },

  /** @returns {Promise<Person>} */
  me: async () => (await call("GET", "me")).user,

  /** @param {string} deviceId @returns {Promise<SocketSession>} */
  openSocketSession: (deviceId) => call("POST", "socket-session", { device_identifier: deviceId }),

  /** @returns {Promise<RoomInfo[]>} */
  rooms: async () => (await call("GET", "rooms")).rooms,

  /** @param {string} name @param {string[]} members @returns {Promise<RoomInfo>} */
  createRoom: (name, members) => call("POST", "rooms", { name, members }),

  /** @param {number} id @returns {Promise<RoomInfo>} */
  join: (id) => call("POST", `rooms/${id}/join`),

  /** @param {number} id */
  leave: (id) => call("POST", `rooms/${id}/leave`),

  /** @param {number} id @param {string} name @returns {Promise<RoomInfo>} */
  addMember: (id, name) => call("POST", `rooms/${id}/members`, { name }),

  /** @param {number} id @param {string} userId @returns {Promise<RoomInfo>} */
  removeMember: (id, userId) => call("DELETE", `rooms/${id}/members/${encodeURIComponent(userId)}`),

  /** @param {number} id @param {string} name @returns {Promise<RoomInfo>} */
  rename: (id, name) => call("PATCH", `rooms/${id}`, { name }),

  /** @param {number} id */
  deleteRoom: (id) => call("DELETE", `rooms/${id}`),

  /** @param {number} id @param {string} text */
  announce: (id, text) => call("POST", `rooms/${id}/announce`, { text }),

  /** @param {number} id @param {string} messageId @param {number} reason @param {string} comment */
  report: (id, messageId, reason, comment) =>
    call("POST", `rooms/${id}/report`, {
      message_timestamp_identifier: messageId,
      report_type: reason,
      comment,
    }),
};
