import Type from "typebox";
import type { Core } from "../../../core/core.ts";
import { closeSession } from "../../../core/sessions/close-session.ts";
import { openSession } from "../../../core/sessions/open-session.ts";
import { ParlanceError } from "../../../errors.ts";
import { type Endpoint, endpoint } from "../../../http/endpoint.ts";
import { localId } from "../wire-ids.ts";
import { userIdentifier } from "./parameters.ts";

const customDataLimit = 8192;

/** JSON text of an object; an object itself is as welcome, since JSON bodies tempt to it. */
function readCustomData(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (Buffer.byteLength(text) > customDataLimit)
    refuse(`Ensure this field has no more than ${customDataLimit} bytes.`);
  if (!isObjectText(text)) refuse("Value must be a JSON object, as text.");
  return text;
}

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function refuse(sentence: string): never {
  throw new ParlanceError("invalidInput", { fields: { custom_data: [sentence] } });
}

export const sessionEndpoints: Endpoint<Core>[] = [
  endpoint({
    method: "POST",
    path: "/session/open-session/",
    summary: "Open a session for a user's device and get the token it connects with.",
    notes: [
      "The token is valid until it is closed; a device keeps its ten newest tokens.",
      "custom_data replaces what the user had, and everybody sees it beside the user's messages from then on.",
    ],
    params: Type.Object({
      application_user_identifier: userIdentifier,
      device_identifier: Type.String({
        minLength: 1,
        maxLength: 255,
        pattern: "^[^\\u0000-\\u001f\\u007f]+$",
        description:
          "Unique to the device. A newer connection of the same user and device replaces the older.",
      }),
      fcm_token: Type.Optional(
        Type.String({
          maxLength: 4096,
          description: "Firebase token of the device, for offline notifications.",
        }),
      ),
      custom_data: Type.Optional(
        Type.Unsafe<unknown>({
          description: `JSON object as text (up to ${customDataLimit} bytes): what your app shows beside the user, such as a name and a picture.`,
        }),
      ),
    }),
    status: 201,
    result: Type.Object({ token: Type.String() }),
    refusals: [400],
    example: {
      params: {
        application_user_identifier: "42",
        device_identifier: "phone-1",
        fcm_token: "",
        custom_data: '{"display_name":"Ann"}',
      },
      result: { token: "1mN2vK3t9sQ0f4yq8uXc6Zb7RjLhTgWd5PoEaViBnKM:demo" },
    },
    run: async (core, params) => ({
      token: await openSession(core, {
        userId: localId(params.application_user_identifier, core.app.key),
        deviceId: params.device_identifier,
        fcmToken: params.fcm_token || null,
        customData: readCustomData(params.custom_data),
      }),
    }),
  }),
  endpoint({
    method: "POST",
    path: "/session/close-session/",
    summary: "Close a session: its token is worthless from then on, and its open socket is ended.",
    params: Type.Object({
      token: Type.String({
        minLength: 1,
        maxLength: 512,
        description: "The token that open-session returned.",
      }),
    }),
    status: 200,
    result: Type.Object({}),
    refusals: [400, 404],
    example: { params: { token: "1mN2vK3t9sQ0f4yq8uXc6Zb7RjLhTgWd5PoEaViBnKM:demo" }, result: {} },
    run: async (core, params) => {
      await closeSession(core, params.token);
      return {};
    },
  }),
];
