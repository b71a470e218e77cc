import { expect, test } from "bun:test";
import { dateText } from "./date-text.ts";

test.each([
  ["+08:00", "2022-10-13 02:26:51"],
  ["+00:00", "2022-10-12 18:26:51"],
  ["-03:30", "2022-10-12 14:56:51"],
])("in %s it is %s", (timeZone, text) =>
  expect(dateText(Date.parse("2022-10-12T18:26:51.999Z"), timeZone)).toBe(text),
);
