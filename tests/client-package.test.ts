/** The package as people get it: built, packed, unpacked where nothing else is, and used in every runtime it is for. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Client, connect, MemoryCache } from "@parlance/client";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { startTestServer, type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";
import { launchChromium } from "./browser.ts";
import { bundle, type Consumer, compile, startConsumer } from "./client-package/consumer.ts";
import { writeGuide } from "./client-package/guide.ts";

/** Milliseconds for what starts several programs. */
const limit = startPatience * 3;

let consumer: Consumer;
let server: TestServer;
let ben: Client;

const token = (userId: string) => i2aBackEnd(server.url, testApps.shop.secret).token(userId);
const url = () => `${server.socketUrl}/connect`;

/** What Ben has heard from Ann; he answers every hello. */
const heard: string[] = [];

beforeAll(async () => {
  [consumer, server] = await Promise.all([startConsumer(), startTestServer()]);
  ben = await connect({ url: url(), userId: "ben", token: () => token("ben"), cache: new MemoryCache() });
  ben.on("message", ({ message }) => {
    const { text } = message.content as { text: string };
    if (message.from !== "ann") return;
    heard.push(text);
    if (text.startsWith("Hello")) void ben.direct("ann").send(`You said: ${text}`);
  });
}, limit);

afterAll(async () => {
  await ben?.close();
  await server?.stop();
  consumer?.remove();
}, limit);

const inPackage = (...path: string[]) => join(consumer.folder, "node_modules/@parlance/client", ...path);

describe("the package holds", () => {
  test("scripts with their maps, types, what to read, and nothing else", () => {
    const [types, others] = [true, false].map((isType) =>
      consumer.packed.filter((file) => file.startsWith("types/") === isType),
    ) as [string[], string[]];
    expect(others).toEqual([
      ...["LICENSE", "README.md", "index.d.ts", "index.js", "index.js.map"],
      ...["msgpack.d.ts", "msgpack.js", "msgpack.js.map", "package.json"],
    ]);
    expect(types.filter((file) => !/^types\/(client|protocol)\/[\w/-]+\.d\.ts$/.test(file))).toEqual([]);
  });

  test("a manifest that needs no other package", () => {
    const manifest = JSON.parse(readFileSync(inPackage("package.json"), "utf8"));
    expect(manifest).toMatchObject({ name: "@parlance/client", type: "module", sideEffects: false });
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts|private/i.test(key))).toEqual([]);
    for (const { types, default: script } of [manifest.exports["."], manifest.exports["./msgpack"]])
      expect([existsSync(inPackage(types)), existsSync(inPackage(script))]).toEqual([true, true]);
  });

  test("no import of a package, and no path of the machine", () => {
    const texts = consumer.packed
      .filter((file) => /\.(js|ts|map|json)$/.test(file))
      .map((file) => [file, readFileSync(inPackage(file), "utf8")] as const);
    const imports = texts.flatMap(([file, text]) =>
      /\.d\.ts$|\.js$/.test(file)
        ? [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/gm)].map(
            ([, one, other]) => one ?? (other as string),
          )
        : [],
    );
    expect(imports.length).toBeGreaterThan(20);
    expect(imports.filter((from) => !/^\.\.?\/.*\.js$/.test(from))).toEqual([]);
    // As an absolute path: of a short one, like "/src", the letters stand in many a relative path.
    const machine = RegExp(`(?<![\\w.-])${RegExp.escape(join(import.meta.dir, ".."))}/`);
    expect(texts.filter(([, text]) => machine.test(text)).map(([file]) => file)).toEqual([]);
  });
});

describe.each([
  ["Node", "node"],
  ["Bun", process.execPath],
])("a script of %s", (_, program) => {
  test.each(["json", "msgpack"])(
    "talks in %s",
    async (codec) => {
      const said = await consumer.run(program, "talk.mjs", url(), await token("ann"), codec);
      const { refusal, heard: answer, history } = JSON.parse(said);
      if (refusal !== null)
        expect(refusal).toBe("This runtime has no WebSocket: give one as option `WebSocket`.");
      expect(answer).toBe("You said: Hello Ben, 👋");
      expect(history.slice(-2)).toEqual(["Hello Ben, 👋", answer]);
    },
    limit,
  );
});

describe("TypeScript sees every type", () => {
  const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--types", ""];
  const bundler = ["--module", "esnext", "--moduleResolution", "bundler", "--lib", "es2022,dom"];
  const node = ["--module", "node16", "--moduleResolution", "node16", "--lib", "es2022"];
  const complaints = (...options: string[]) => compile(consumer, ...strict, ...options);

  test(
    "as bundlers resolve it",
    async () => {
      expect(await complaints(...bundler, "types.ts", "window.ts")).toBe("");
    },
    limit,
  );

  test(
    "as Node resolves it",
    async () => {
      expect(await complaints(...node, "types.ts")).toBe("");
    },
    limit,
  );

  test(
    "in the guide",
    async () => {
      expect(await complaints(...bundler, ...writeGuide(consumer.folder))).toBe("");
    },
    limit,
  );
});

test(
  "a page bundled with it works in a browser, and is small",
  async () => {
    await bundle(consumer, "page");
    const folder = join(consumer.folder, "dist-page");
    const scripts = readdirSync(join(folder, "assets")).filter((file) => file.endsWith(".js"));
    const sizes = scripts.map((file) => Bun.gzipSync(readFileSync(join(folder, "assets", file))).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(20_000);
    const files = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch({ url }) {
        const file = Bun.file(join(folder, new URL(url).pathname.replace(/\/$/, "/index.html")));
        return (await file.exists()) ? new Response(file) : new Response(null, { status: 404 });
      },
    });
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(startPatience);
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      const given = new URLSearchParams({ url: url(), token: await token("ann") });
      await page.goto(`http://127.0.0.1:${files.port}/?${given}`);
      await page.getByRole("button").click();
      const shown = () => page.locator("li").allTextContents();
      await until("the page shows the answer", async () =>
        (await shown()).join().includes("ann: Hello from a page,ben: You said: Hello from a page"),
      );
      const databases = () =>
        page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))");
      expect(await databases()).toContain("parlance:ann");
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await files.stop(true);
    }
  },
  limit,
);

test(
  "a phone without what browsers have connects, sends, and opens offline",
  async () => {
    await bundle(consumer, "phone");
    const host = join(import.meta.dir, "client-package/react-native.mjs");
    const script = join(consumer.folder, "dist-phone/phone.js");
    const said = await consumer.run("node", host, script, url(), await token("ann"));
    const { talked, kept, offline } = JSON.parse(said);
    const answer = "You said: Hello from a phone";
    expect(talked.heard).toBe(answer);
    expect(talked.history.slice(-2)).toEqual(["Hello from a phone", answer]);
    expect(kept.slice(-3)).toEqual([answer, "Back again", "Kept"]);
    expect(offline).toEqual({ status: "connecting", conversations: 1, texts: kept });
    expect(heard).toContain("Kept");
  },
  limit,
);
