import { closeActionOf, closeCodes, readCloseReason } from "../close-codes.ts";
import type { CloseVector } from "./vector.ts";

const row = (code: number, reason = ""): CloseVector => ({
  code,
  reason,
  action: closeActionOf(code),
  retryAfterMs: readCloseReason(reason).retryAfterMs ?? null,
});

export const closes: CloseVector[] = [
  ...Object.entries(closeCodes).map(([name, { code }]) =>
    row(code, JSON.stringify({ name, retryAfterMs: 1500 })),
  ),
  ...[1000, 1001, 1006, 1009, 1011, 1012, 1013, 3000, 4099, 4100, 4199, 4200, 4299, 4300].map((code) =>
    row(code),
  ),
  row(4000, "not JSON"),
  row(4000, "null"),
  row(4000, '{"retryAfterMs":-1}'),
  row(4000, '{"retryAfterMs":"soon"}'),
];
