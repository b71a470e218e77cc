import { expect, test } from "bun:test";
import { base64url } from "./base64url.ts";

test.each([
  "",
  "a",
  "ab",
  "abc",
  "tok:en",
  "\u007f\u0080\u07ff\u0800\uffff",
  "ü👋\u{10ffff}",
  "?>~",
  "\ud800x",
  "x\udc00",
])("%j is what the runtime's own makes of it", (text) =>
  expect(base64url(text)).toBe(Buffer.from(text, "utf8").toString("base64url")),
);
