import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ParlanceProcess, runParlance, spawnParlance } from "../testing/parlance-process.ts";
import { until } from "../testing/until.ts";

/** One server runs all the while; every command is a process of its own beside it. */
const folder = mkdtempSync(join(tmpdir(), "parlance-cli-"));
const env = { PARLANCE_DATA: join(folder, "data"), PARLANCE_HOST: "127.0.0.1", PARLANCE_PORT: "0" };
let server: ParlanceProcess;
let url: string;

beforeAll(async () => {
  server = spawnParlance(["start"], env);
  url = String((await server.waitFor(/listening on (http:\S+)/))[1]);
});
afterAll(async () => {
  server.child.kill("SIGTERM");
  await server.finished;
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => runParlance(args, env);

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

const ping = async (secret: string): Promise<number> => {
  const response = await fetch(`${url}/server-to-server/v1/ping/`, {
    headers: { "x-application-secret": secret },
  });
  await response.body?.cancel();
  return response.status;
};

const untilPing = (secret: string, status: number) =>
  until(`a ping is answered with ${status}`, async () => (await ping(secret)) === status);

describe("parlance app, beside a running server", () => {
  test("an app is made, noticed, changed and deleted", async () => {
    const shop = await json("app", "create", "Shop");
    expect(shop).toEqual({
      key: expect.stringMatching(/^[a-z0-9]{12}$/),
      name: "Shop",
      secret: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/),
      isActive: true,
      maxOnlineUsers: null,
      retentionDays: null,
      settings: {},
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    await untilPing(shop.secret, 200);

    expect(await json("app", "update", shop.key, "--active", "false", "--max-online", "5")).toMatchObject({
      isActive: false,
      maxOnlineUsers: 5,
      retentionDays: null,
    });
    await untilPing(shop.secret, 403);
    const renamed = await json(
      "app",
      "update",
      shop.key,
      "--name",
      "Store",
      "--active",
      "true",
      "--max-online",
      "none",
    );
    expect(renamed).toMatchObject({ name: "Store", isActive: true, maxOnlineUsers: null });
    expect(renamed).not.toHaveProperty("secret");

    const rotated = await json("app", "rotate-secret", shop.key);
    expect(rotated.secret).not.toBe(shop.secret);
    await untilPing(rotated.secret, 200);
    expect(await ping(shop.secret)).toBe(401);

    expect(await json("app", "delete", shop.key, "--yes")).toEqual({ key: shop.key, deleted: true });
    await untilPing(rotated.secret, 401);
  }, 60_000);

  test("key and secret may be chosen; people get a calm answer", async () => {
    const { code, stdout } = await run("app", "create", "Bank", "--key", "bank", "--secret", "bank-secret-1");
    expect(code).toBe(0);
    expect(stdout).toBe(
      "Created app Bank.\n  key            bank\n  secret         bank-secret-1\n  active         yes\n" +
        "  users online   no limit\n  messages kept  forever\n",
    );
    const list = await run("app", "list");
    expect(list.stdout).toMatch(
      /^KEY +ACTIVE +ONLINE +CREATED +NAME\nbank +yes +no limit +\d{4}-\d\d-\d\d +Bank\n$/,
    );
    expect((await run("app", "list", "--secrets")).stdout).toContain("bank-secret-1");
    expect(await json("app", "list")).toHaveLength(1);
  }, 60_000);

  test("messages are kept for as long as it says, and forever again", async () => {
    const { key } = await json("app", "create", "Kept", "--retention-days", "36500");
    const changed = await run("app", "update", key, "--retention-days", "1");
    expect(changed.stdout).toContain("\n  messages kept  for a day\n");
    const forever = await json("app", "update", key, "--retention-days", "forever");
    expect(forever).toMatchObject({ key, retentionDays: null });
    await json("app", "delete", key, "--yes");
  }, 30_000);

  test("settings are set, taken back, and listed in the help", async () => {
    const { key } = await json("app", "create", "Set");
    const changed = await json("app", "set", key, "maxGroupMembers=5", "timeZone=+00:00");
    expect(changed.settings).toEqual({ maxGroupMembers: 5, timeZone: "+00:00" });
    expect((await run("app", "set", key, "timeZone=")).stdout).toContain("\n  maxGroupMembers  5\n");
    expect((await json("app", "list")).find((app: { key: string }) => app.key === key).settings).toEqual({
      maxGroupMembers: 5,
    });
    const wrong = await run("app", "set", key, "maxGroupMembers=none");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("It must be a whole number")]);
    expect((await run("app", "set", "--help")).stdout).toContain("Most members of a group.");
    const rated = await json(
      "app",
      "set",
      key,
      "rate./sensitiveword/add=500",
      "rate./sensitiveword/list.json=5/second",
    );
    expect(rated.settings).toMatchObject({
      "rate./sensitiveword/add": "500",
      "rate./sensitiveword/list.json": "5/second",
    });
    for (const [setting, sentence] of [
      ["rate./sensitiveword/ad=500", "There is no endpoint /sensitiveword/ad.json."],
      ["rate./sensitiveword/add=5/day", "Its calls are counted by the second."],
      ["rate./sensitiveword/add=many", "It must be a number of calls"],
    ] as const) {
      const { code, stderr } = await run("app", "set", key, setting);
      expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    }
    await json("app", "delete", key, "--yes");
  }, 60_000);

  const refused: [string, string[], number, string][] = [
    ["a key that is taken", ["create", "B", "--key", "bank"], 1, "Another app has this key."],
    [
      "a secret that is taken",
      ["create", "B", "--secret", "bank-secret-1"],
      1,
      "Another app has this secret.",
    ],
    ["a key with a space", ["create", "B", "--key", "a b"], 2, "must be 1 to 64 letters"],
    ["a short secret", ["create", "B", "--secret", "short"], 2, "must be 8 to 128"],
    ["no name", ["create"], 2, "missing required argument 'name'"],
    ["no such app", ["update", "nobody", "--active", "true"], 1, "no app with the key nobody"],
    ["nothing to change", ["update", "bank"], 2, "Nothing to change"],
    ["neither true nor false", ["update", "bank", "--active", "maybe"], 2, "must be true or false"],
    ["no number", ["update", "bank", "--max-online", "-1"], 2, "must be a number of users, or none"],
    ["no days", ["update", "bank", "--retention-days", "0"], 2, "must be a number of days from 1 to 36500"],
    ["too many days", ["create", "B", "--retention-days", "36501"], 2, "or forever"],
    ["deleting without saying so", ["delete", "bank"], 2, "--yes says you mean it"],
    ["a slip of the pen", ["creat", "x"], 2, "Did you mean create?"],
  ];
  test.each(refused)(
    "%s is refused",
    async (_, args, code, sentence) => {
      const result = await run("app", ...args);
      expect(result.stderr).toContain(sentence);
      expect([result.code, result.stdout]).toEqual([code, ""]);
    },
    60_000,
  );

  test("a backup is a database with the same apps, and is never overwritten", async () => {
    const copy = join(folder, "copy");
    const file = join(copy, "parlance.sqlite");
    expect((await run("backup", file)).stderr).toContain(`The folder ${copy} does not exist.`);
    await Bun.write(join(copy, "note"), "");
    const { code, stdout } = await run("backup", file);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Wrote .*: \d+\.\d MB in \d+\.\d s\.\n$/)]);
    const list = await runParlance(["app", "list", "--json"], { ...env, PARLANCE_DATA: copy });
    expect(JSON.parse(list.stdout)).toEqual(await json("app", "list"));
    const again = await run("backup", file);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining("exists already")]);
  }, 60_000);

  test("doctor finds the server on its port, and no log line holds a secret", async () => {
    const { stdout } = await runParlance(["doctor", "--json"], { ...env, PARLANCE_PORT: new URL(url).port });
    const rows = JSON.parse(stdout) as { check: string; verdict: string; text: string }[];
    expect(rows.find(({ check }) => check === "port")).toMatchObject({
      verdict: "ok",
      text: `A Parlance answers on port ${new URL(url).port}.`,
    });
    expect(rows.find(({ check }) => check === "database")?.text).toMatch(/tables at version \d+, SQLite 3\./);
    server.child.kill("SIGTERM");
    const logs = await server.finished;
    expect(logs.code).toBe(0);
    expect(logs.stdout + logs.stderr).not.toContain("bank-secret-1");
  }, 60_000);
});
