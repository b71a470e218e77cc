/** Endpoint rows as an OpenAPI 3.1 document: TypeBox schemas are JSON Schema already, so they go in as they stand. */

import type { TSchema } from "typebox";
import {
  type ApiDescription,
  type DescribedRow,
  type Parameter,
  parametersOf,
  pathOf,
  refusalsOf,
} from "./api-description.ts";

/** POST /chat-room/{id}/add-users/ is `post_chat_room_id_add_users`. */
const operationId = ({ method, path }: DescribedRow): string =>
  `${method}_${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/_$/, "");

const describeParameter = ({ name, schema, isRequired, place }: Parameter, example: unknown) => {
  const { description } = schema as { description?: string };
  return {
    name,
    in: place,
    required: isRequired,
    ...(description ? { description } : {}),
    schema,
    ...(example === undefined ? {} : { example }),
  };
};

const bodyTypes = ["application/x-www-form-urlencoded", "application/json"];

const describeBody = (parameters: readonly Parameter[], row: DescribedRow) => {
  const required = parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name);
  const schema = {
    type: "object",
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
    ...(required.length > 0 ? { required } : {}),
  };
  const example = Object.fromEntries(
    parameters
      .filter(({ name }) => name in row.example.params)
      .map(({ name }) => [name, row.example.params[name]]),
  );
  return {
    required: required.length > 0,
    content: Object.fromEntries(bodyTypes.map((type) => [type, { schema, example }])),
  };
};

const jsonContent = (schema: TSchema | object, example: unknown) => ({
  "application/json": { schema, ...(example === undefined ? {} : { example }) },
});

const describeAnswers = (api: ApiDescription, row: DescribedRow) => {
  const success = {
    description: row.status === 204 ? "Done; there is no body." : "Done.",
    ...(row.status === 204
      ? {}
      : { content: jsonContent(row.result ?? { type: "object" }, row.example.result) }),
  };
  const refusals = refusalsOf(api, row).map(([status, { meaning, example }]) => [
    String(status),
    { description: meaning, content: jsonContent({ type: "object" }, example) },
  ]);
  return { [String(row.status)]: success, ...Object.fromEntries(refusals) };
};

const describeCall = (api: ApiDescription, row: DescribedRow) => {
  const parameters = parametersOf(row);
  const inBody = parameters.filter(({ place }) => place === "body");
  const others = parameters.filter(({ place }) => place !== "body");
  return {
    operationId: operationId(row),
    summary: row.summary,
    ...(row.notes ? { description: row.notes.join("\n\n") } : {}),
    ...(others.length > 0
      ? {
          parameters: others.map((parameter) =>
            describeParameter(parameter, row.example.params[parameter.name]),
          ),
        }
      : {}),
    ...(inBody.length > 0 ? { requestBody: describeBody(inBody, row) } : {}),
    responses: describeAnswers(api, row),
  };
};

const schemeId = (header: string): string => header.toLowerCase();

/** Plain data, ready for `JSON.stringify`. */
export const buildOpenApi = (api: ApiDescription) => {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of api.rows) {
    const path = pathOf(api, row);
    paths[path] = { ...paths[path], [row.method.toLowerCase()]: describeCall(api, row) };
  }
  return {
    openapi: "3.1.0",
    info: { title: api.title, version: api.version, description: api.intro.join("\n\n") },
    servers: [{ url: "/" }],
    security: [Object.fromEntries(api.security.headers.map(({ name }) => [schemeId(name), []]))],
    paths,
    components: {
      securitySchemes: Object.fromEntries(
        api.security.headers.map(({ name }) => [
          schemeId(name),
          { type: "apiKey", in: "header", name, description: api.security.sentence },
        ]),
      ),
    },
  };
};
