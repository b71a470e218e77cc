import { describe, expect, test } from "bun:test";
import { ConfigError, loadConfig } from "../config.ts";
import { parseNatsUrl } from "./nats-url.ts";

describe("the address of NATS", () => {
  test("servers with and without ports, credentials, a token, TLS", () => {
    expect(parseNatsUrl("nats://nats")).toEqual({ servers: ["nats:4222"], isTls: false });
    expect(parseNatsUrl("nats://a.example:1,10.0.0.2,[::1]:3/")).toEqual({
      servers: ["a.example:1", "10.0.0.2:4222", "[::1]:3"],
      isTls: false,
    });
    expect(parseNatsUrl("tls://ann:p%40ss%3Aword@a")).toEqual({
      servers: ["a:4222"],
      user: "ann",
      password: "p@ss:word",
      isTls: true,
    });
    expect(parseNatsUrl("nats://token@a")).toMatchObject({ user: "token" });
    expect(parseNatsUrl("nats://token@a").password).toBeUndefined();
  });

  test.each([
    "nats",
    "nats://",
    "http://a",
    "nats://a:0",
    "nats://a:65536",
    "nats://a,",
    "nats://a b",
    "nats://u:%zz@a",
    "nats://a:1/x",
    `nats://${"a,".repeat(16)}a`,
  ])("%s is refused", (text) => {
    expect(() => parseNatsUrl(text)).toThrow();
  });
});

describe("PARLANCE_BUS", () => {
  test("is local unless set", () => {
    expect(loadConfig({}).bus).toBe("local");
    const env = { PARLANCE_BUS: "nats://u:p@a,b", PARLANCE_STORE: "postgres://a/b" };
    expect(loadConfig(env).bus).toBe("nats://u:p@a,b");
  });

  test("a wrong one is named, its password is not", () => {
    let problem = "";
    try {
      loadConfig({ PARLANCE_BUS: "nats://ann:geheim@a:99999" });
    } catch (error) {
      if (error instanceof ConfigError) problem = error.message;
    }
    expect(problem).toBe("PARLANCE_BUS: must be local or nats://[user:password@]host:port[,host:port…].");
  });
});
