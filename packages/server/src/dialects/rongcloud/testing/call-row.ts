import type { Answer } from "../../../testing/i2a-back-end.ts";
import type { RongcloudBackEnd } from "../../../testing/rongcloud-back-end.ts";
import type { RongcloudRow } from "../endpoint.ts";
import type { WireMark } from "../params.ts";

export async function callRow(
  backEnd: RongcloudBackEnd,
  row: RongcloudRow,
  params: Record<string, unknown>,
  way: "form" | "json" = "form",
): Promise<Answer> {
  if (row.method === "GET") return backEnd.get(row.path, formOf(row, params));
  return way === "form" ? backEnd.call(row.path, formOf(row, params)) : backEnd.callJson(row.path, params);
}

/** As forms carry it: what is not a list of texts, as JSON text. */
const formOf = (row: RongcloudRow, params: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const { wire } = (row.params[name] ?? {}) as WireMark;
      return [name, wire === "json" && typeof value !== "string" ? JSON.stringify(value) : value];
    }),
  );
