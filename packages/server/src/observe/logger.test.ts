import { describe, expect, test } from "bun:test";
import { createLogger } from "./logger.ts";

const capture = (logLevel: "info" | "silent") => {
  const lines: string[] = [];
  const logger = createLogger({ logLevel }, { write: (line) => lines.push(line) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? "null") };
};

describe("logger", () => {
  test("writes one JSON line with time, level, event and fields", () => {
    const { logger, lines, last } = capture("info");
    logger.info({ app: "shop", user: "ann" }, "session opened");
    expect(lines).toHaveLength(1);
    const { time, ...rest } = last();
    expect(rest).toEqual({ level: "info", app: "shop", user: "ann", event: "session opened" });
    expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000);
  });

  test("obeys the level", () => {
    const { logger, lines } = capture("info");
    logger.debug("not this");
    expect(lines).toEqual([]);
    const silent = capture("silent");
    silent.logger.fatal("nor this");
    expect(silent.lines).toEqual([]);
  });

  test("hides what must not be read", () => {
    const { logger, lines } = capture("info");
    logger.info({
      secret: "s3cret-1",
      session: { token: "s3cret-2", deviceId: "phone" },
      request: { headers: { "x-application-secret": "s3cret-3" } },
      message: "s3cret-4",
    });
    expect(lines.join("")).not.toContain("s3cret");
    expect(lines.join("")).toContain("phone");
  });

  test("an error shows its stack but not what hangs on it", () => {
    const { logger, lines, last } = capture("info");
    logger.error(
      { err: Object.assign(new TypeError("boom"), { details: { text: "s3cret" } }) },
      "call failed",
    );
    expect(last().err).toMatchObject({ type: "TypeError", reason: "boom" });
    expect(last().err.stack).toContain("logger.test.ts");
    expect(lines.join("")).not.toContain("s3cret");
  });
});
