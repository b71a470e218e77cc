import { describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { encodeBody, takesGzip } from "./gzip.ts";

describe("who takes gzip", () => {
  test.each(["gzip", "deflate, GZIP;q=0.5", "br,x-gzip", "*", "identity, *;q=0.1"])("%s", (accepted) =>
    expect(takesGzip(accepted)).toBe(true),
  );
  test.each([null, "", "identity", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped"])(
    "not %s",
    (accepted) => expect(takesGzip(accepted)).toBe(false),
  );
});

test("what is long travels compressed to who asks for it, and reads the same", async () => {
  const text = JSON.stringify({ words: Array.from({ length: 500 }, (_, index) => `wört ${index}`) });
  const { body, headers } = await encodeBody("gzip, deflate", text);
  expect(headers).toEqual({ vary: "accept-encoding", "content-encoding": "gzip" });
  expect(body.length).toBeLessThan(text.length / 2);
  expect(gunzipSync(body).toString()).toBe(text);
  expect(await encodeBody(null, text)).toEqual({ body: text, headers: { vary: "accept-encoding" } });
});

test("what is short travels as it is; its bytes count", async () => {
  const encodingOf = async (text: string) => (await encodeBody("gzip", text)).headers["content-encoding"];
  expect(await encodingOf("x".repeat(1023))).toBeUndefined();
  expect(await encodingOf("x".repeat(1024))).toBe("gzip");
  expect(await encodingOf("ö".repeat(511))).toBeUndefined();
  expect(await encodingOf("ö".repeat(512))).toBe("gzip");
});
