import { type ApiDescription, usualRefusals } from "../../http/api-description.ts";
import { i2aEndpoints, i2aPrefix } from "./endpoints/index.ts";

/** What the OpenAPI document and the reference page say of I2A's calls. */
export const i2aApi: ApiDescription = {
  title: "Parlance: server-to-server API",
  version: "1",
  intro: [
    "Your back end calls this API with your application's secret; never call it from an app or a page.",
    "Identifiers of users are your own. Identifiers of chat rooms and messages are made here: keep them.",
    "Parameters travel as a form (a list is the key repeated) or as a JSON object. The trailing slash may be left out.",
  ],
  prefix: i2aPrefix,
  rows: i2aEndpoints,
  security: {
    headers: [{ name: "X-Application-Secret", example: "your-application-secret" }],
    sentence: "It is your application's secret, and all that proves who calls.",
  },
  refusals: usualRefusals,
};
