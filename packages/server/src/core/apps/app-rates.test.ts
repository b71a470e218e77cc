import { describe, expect, test } from "bun:test";
import { isRateName, parseRate, pathOfRate, ratesOf } from "./app-rates.ts";

describe("a rate", () => {
  test.each([
    ["500", { every: 500 }],
    ["0", { every: 0 }],
    ["10/hour,30/day", { hour: 10, day: 30 }],
    ["7 , 100/minute", { every: 7, minute: 100 }],
  ])("%s", (text, rate) => expect(parseRate(text)).toEqual(rate));

  test.each(["", "many", "-1", "1.5", "1/week", "1/hour,2/hour", "5,", "10000000000", "5/hour/day"])(
    "%j is none",
    (text) => expect(parseRate(text)).toBeNull(),
  );
});

test("rates are found by the path of the call, with and without .json; what is none is passed over", () => {
  expect(["rate./push", "rate.push", "rate./", "/push"].map(isRateName)).toEqual([true, false, false, false]);
  expect(["rate./push", "rate./push.json"].map(pathOfRate)).toEqual(["/push.json", "/push.json"]);
  const settings = {
    "rate./push": "5",
    "rate./user/getToken.json": "3/second",
    "rate./user/ban": "many",
    "rate./user/block": 5,
    timeZone: "+08:00",
  };
  expect([...ratesOf({ settings } as never)]).toEqual([
    ["/push.json", { every: 5 }],
    ["/user/getToken.json", { second: 3 }],
  ]);
});
