import Type from "typebox";
import type { Core } from "../../../core/core.ts";
import { type Endpoint, endpoint } from "../../../http/endpoint.ts";
import { chatRoomEndpoints } from "./chat-rooms.ts";
import { messageEndpoints } from "./messages.ts";
import { reportEndpoints } from "./reports.ts";
import { sessionEndpoints } from "./sessions.ts";

export const i2aPrefix = "/server-to-server/v1";

const ping = endpoint({
  method: "GET",
  path: "/ping/",
  summary: "See that the service is there and the secret is right.",
  params: Type.Object({}),
  status: 200,
  result: Type.Object({ status: Type.String() }),
  refusals: [],
  example: { params: {}, result: { status: "ok" } },
  run: async (_core: Core) => ({ status: "ok" }),
});

/** All of I2A's server-to-server calls. */
export const i2aEndpoints: Endpoint<Core>[] = [
  ping,
  ...sessionEndpoints,
  ...chatRoomEndpoints,
  ...messageEndpoints,
  ...reportEndpoints,
];
