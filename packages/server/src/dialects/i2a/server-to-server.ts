import type { AppRegistry } from "../../core/apps/app-registry.ts";
import type { Core } from "../../core/core.ts";
import { errorRow, ParlanceError } from "../../errors.ts";
import { createHandler, type Handler, type HandlerOptions } from "../../http/serve.ts";
import { i2aEndpoints, i2aPrefix } from "./endpoints/index.ts";

export type ServerToServerOptions = Pick<
  HandlerOptions<Core>,
  "limits" | "onAnswer" | "onRefused" | "onFailure"
> & { apps: AppRegistry };

/** I2A's REST API: one header names the app and proves it. */
export function createServerToServer(options: ServerToServerOptions): Handler {
  return createHandler<Core>({
    ...options,
    prefix: i2aPrefix,
    rows: i2aEndpoints,
    authenticate: (request) => authenticate(options.apps, request),
    identify: (core) => core.app.key,
    encodeError,
  });
}

function authenticate(apps: AppRegistry, request: Request): Core {
  const secret = request.headers.get("x-application-secret");
  const core = secret ? apps.bySecret(secret) : undefined;
  if (!core) throw new ParlanceError("unauthorized");
  if (!core.app.isActive) throw new ParlanceError("appInactive");
  return core;
}

/** What the core calls its inputs, where this API's name differs. */
const fieldNames: Record<string, string> = { memberIds: "application_users_identifiers" };

/** In the manner of Django REST framework, which the real service is built on: lists by field, or a `detail`. */
function encodeError(error: ParlanceError): { status: number; body: unknown } {
  const { status, sentence } = errorRow(error.code);
  if (error.code === "invalidInput") {
    const fields = wrongFields(error.details);
    // A body that can't be read at all has no fields to blame.
    return { status, body: Object.keys(fields).length > 0 ? fields : { detail: error.message } };
  }
  const detail = error.code === "unavailable" ? "The service is busy. Try again soon." : sentence;
  const { requestId } = error.details;
  return { status, body: requestId === undefined ? { detail } : { detail, request_id: requestId } };
}

function wrongFields(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = (details.fields ?? details) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(fields).map(([name, sentences]) => [fieldNames[name] ?? name, [sentences].flat()]),
  );
}
