import { i2aPrefix } from "../dialects/i2a/endpoints/index.ts";

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into field by field by tests.
  body: any;
  headers: Headers;
}

type Params = Record<string, unknown>;

export interface I2aBackEnd {
  call(method: string, path: string, params?: Params, as?: "form" | "json"): Promise<Answer>;
  post(path: string, params?: Params): Promise<Answer>;
  /** Opens a session and returns its token. */
  token(userId: string, deviceId?: string, customData?: object): Promise<string>;
  /** Creates a chat room and returns its identifier. */
  room(memberIds: string[], type?: 1 | 2 | 3): Promise<string>;
}

/** A back end of an app, calling over HTTP; `url` may name another node at each call. */
export function i2aBackEnd(url: string | (() => string), secret: string): I2aBackEnd {
  const call: I2aBackEnd["call"] = async (method, path, params = {}, as = "form") => {
    const headers: Record<string, string> = { "x-application-secret": secret };
    const isRead = method === "GET" || method === "DELETE";
    let body: string | undefined;
    let query = "";
    if (isRead) query = toForm(params);
    else if (as === "form") {
      headers["content-type"] = "application/x-www-form-urlencoded";
      body = toForm(params);
    } else {
      headers["content-type"] = "application/json";
      body = JSON.stringify(params);
    }
    const address = `${typeof url === "string" ? url : url()}${i2aPrefix}/${path}${query ? `?${query}` : ""}`;
    const response = await fetch(address, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? null : JSON.parse(text),
      headers: response.headers,
    };
  };
  const post: I2aBackEnd["post"] = (path, params) => call("POST", path, params);
  return {
    call,
    post,
    async token(userId, deviceId = "phone", customData) {
      const { body } = await post("session/open-session/", {
        application_user_identifier: userId,
        device_identifier: deviceId,
        ...(customData && { custom_data: JSON.stringify(customData) }),
      });
      return body.token;
    },
    async room(memberIds, type = 1) {
      const { body } = await post("chat-room/", { application_users_identifiers: memberIds, type });
      return body.identifier;
    },
  };
}

/** As Python's requests encodes a dict: repeated keys for lists, `True` and `False`, nothing for what is absent. */
function toForm(params: Params): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === undefined || item === null) continue;
      const text = typeof item === "boolean" ? (item ? "True" : "False") : String(item);
      form.append(name, text);
    }
  }
  return form.toString();
}
