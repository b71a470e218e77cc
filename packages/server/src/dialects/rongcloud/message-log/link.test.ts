import { describe, expect, test } from "bun:test";
import type { App } from "../../../ports/store.ts";
import { isValidLink, type LogLink, linkSeconds, logLink, readLogLink } from "./link.ts";

const app = { key: "my/shop 店", secret: "secret-of-shop-0001" } as App;
const now = 1_800_000_000_000;
const read = (text: string) => readLogLink(new URL(text)) as LogLink;

describe("the address of an hour", () => {
  test("is valid until it expires, for this app, this hour and this secret alone", () => {
    const text = logLink("https://chat.example", app, "2026020304", now);
    expect(text).toStartWith("https://chat.example/rongcloud/message-logs/");
    const link = read(text);
    expect(link).toMatchObject({ appKey: app.key, hour: "2026020304" });
    expect(isValidLink(app, link, now + (linkSeconds - 1) * 1000)).toBe(true);
    expect(isValidLink(app, link, now + (linkSeconds + 1) * 1000)).toBe(false);
    expect(isValidLink({ ...app, secret: "another" }, link, now)).toBe(false);
    expect(isValidLink({ ...app, key: "bank" }, link, now)).toBe(false);
    for (const forged of [
      { ...link, hour: "2026020305" },
      { ...link, expires: link.expires + 1 },
      { ...link, expires: Number.NaN },
      { ...link, signature: "" },
      { ...link, signature: `${link.signature}x` },
    ])
      expect(isValidLink(app, forged, now)).toBe(false);
  });

  test("is read from nothing else", () => {
    for (const path of [
      "",
      "shop.zip",
      "shop/20260203.zip",
      "shop/2026020304",
      "shop/2026020304.zip/x",
      "%E0/2026020304.zip",
    ])
      expect(readLogLink(new URL(`http://x/rongcloud/message-logs/${path}`))).toBeNull();
    expect(readLogLink(new URL("http://x/elsewhere/shop/2026020304.zip"))).toBeNull();
  });
});
