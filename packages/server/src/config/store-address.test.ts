import { expect, test } from "bun:test";
import { storeAddress } from "./store-address.ts";

const setting = storeAddress({ env: ["PARLANCE_STORE"], sentence: "Where data are kept." });

test("takes sqlite and addresses of PostgreSQL", () => {
  expect(setting.parse("SQLite")).toBe("sqlite");
  for (const address of ["postgres://ann:secret@db:5432/chat", "postgresql://db/chat?sslmode=require"])
    expect(setting.parse(address)).toBe(address);
});

test("refuses anything else, and is a secret", () => {
  for (const text of [
    "mysql://db/chat",
    "postgres://db",
    "postgres://db/",
    "postgres:///chat",
    "db",
    "./data",
  ])
    expect(() => setting.parse(text)).toThrow();
  expect(setting.isSecret).toBe(true);
});
