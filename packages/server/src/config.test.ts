import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, loadConfig, loadConfigWithSources, settings } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "parlance-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const fileWith = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe("sources", () => {
  test("nothing set gives the defaults of the table", () => {
    const { config, sources } = loadConfigWithSources({ HOME: "/root" });
    for (const [name, row] of Object.entries(settings)) {
      expect(config[name as keyof typeof config]).toEqual(row.fallback);
      expect(sources[name as keyof typeof sources]).toBe("default");
    }
  });

  test("PARLANCE_PORT wins over PORT, and an empty variable is none", () => {
    expect(loadConfig({ PORT: "9000" }).port).toBe(9000);
    expect(loadConfig({ PORT: "9000", PARLANCE_PORT: "0" }).port).toBe(0);
    expect(loadConfig({ PORT: "9000", PARLANCE_PORT: "" }).port).toBe(9000);
  });

  test("the environment wins over the file, the file over the default", () => {
    const path = fileWith(
      "good.conf",
      '# about us\n\nPARLANCE_HOST = "127.0.0.1"\r\nPARLANCE_PORT=81\nPARLANCE_DEMO=yes\n',
    );
    const { config, sources } = loadConfigWithSources({ PARLANCE_CONFIG: path, PORT: "82" });
    expect(config).toMatchObject({ host: "127.0.0.1", port: 82, demo: true });
    expect(sources).toMatchObject({
      host: `${path}: PARLANCE_HOST`,
      port: "PORT",
      demo: `${path}: PARLANCE_DEMO`,
      dataDir: "default",
    });
  });

  test("variables of the tools are left alone", () => {
    expect(problemsOf({ PARLANCE_CHROMIUM: "/usr/bin/chromium", PARLANCE_LIFELINE_FD: "3" })).toEqual([]);
  });
});

describe("wrong settings", () => {
  const cases: [string, Record<string, string>, string][] = [
    [
      "a word for a number",
      { PARLANCE_PORT: "http" },
      'PARLANCE_PORT: must be a whole number from 0 to 65535; it is "http".',
    ],
    ["over the bound", { PORT: "65536" }, 'PORT: must be a whole number from 0 to 65535; it is "65536".'],
    [
      "a fraction",
      { PARLANCE_DRAIN_SECONDS: "1.5" },
      'PARLANCE_DRAIN_SECONDS: must be a whole number from 0 to 9; it is "1.5".',
    ],
    [
      "an unknown level",
      { PARLANCE_LOG_LEVEL: "loud" },
      'PARLANCE_LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent; it is "loud".',
    ],
    ["a flag in between", { PARLANCE_DEMO: "maybe" }, 'PARLANCE_DEMO: must be true or false; it is "maybe".'],
    [
      "a slip of the pen",
      { PARLANCE_PROT: "1" },
      "PARLANCE_PROT is not a setting; did you mean PARLANCE_PORT?",
    ],
    [
      "a far name",
      { PARLANCE_COLOUR_OF_SKY: "1" },
      "PARLANCE_COLOUR_OF_SKY is not a setting; `parlance config` lists all settings.",
    ],
    [
      "two that don't fit",
      { PARLANCE_QUEUE_BYTES: "65536" },
      "PARLANCE_QUEUE_BYTES: must be at least twice PARLANCE_MESSAGE_BYTES.",
    ],
    [
      "a bus between nodes that share no store",
      { PARLANCE_BUS: "nats://127.0.0.1:4222" },
      "PARLANCE_BUS: nodes that are joined need a store that they share; set PARLANCE_STORE to PostgreSQL.",
    ],
    [
      "no such file",
      { PARLANCE_CONFIG: "/nowhere/x.conf" },
      "PARLANCE_CONFIG: the file /nowhere/x.conf does not exist.",
    ],
  ];
  test.each(cases)("%s is named", (_, env, sentence) => {
    expect(problemsOf(env)).toEqual([sentence]);
  });

  test("all are named at once, those of the file with their place", () => {
    const path = fileWith("bad.conf", "PARLANCE_HOTS=a\nPARLANCE_PORT=x\nwhat\nPARLANCE_PORT=y\n");
    expect(problemsOf({ PARLANCE_CONFIG: path, PARLANCE_DEMO: "?" })).toEqual([
      `${path}, line 3: must be NAME=value or start with #.`,
      `${path}, line 4: PARLANCE_PORT is already set above.`,
      `PARLANCE_HOTS (in ${path}) is not a setting; did you mean PARLANCE_HOST?`,
      `PARLANCE_PORT (in ${path}): must be a whole number from 0 to 65535; it is "x".`,
      'PARLANCE_DEMO: must be true or false; it is "?".',
    ]);
  });
});

describe("PARLANCE_APPS", () => {
  const guid = "0f8fad5b-d9cb-469f-a165-70867728950e";

  test("declares apps", () => {
    const { apps } = loadConfig({ PARLANCE_APPS: `Shop:shop:${guid}, Über Café:c-1_x:12345678,` });
    expect(apps).toEqual([
      { name: "Shop", key: "shop", secret: guid },
      { name: "Über Café", key: "c-1_x", secret: "12345678" },
    ]);
  });

  const cases: [string, string][] = [
    ["Shop:shop", "entry 1 must be name:key:secret"],
    [`a:a:${guid},,b:b:12345678`, "entry 2 must be name:key:secret"],
    [`Shop:my shop:${guid}`, "the key of entry 1 must be 1 to 64 letters, digits, - or _"],
    [`:shop:${guid}`, "the name of entry 1 must be 1 to 100 characters without comma, colon or line break"],
    [
      "Shop:shop:1234567",
      "the secret of entry 1 must be 8 to 128 printable ASCII characters without space, comma or colon",
    ],
    [
      "a:a:sécret-sécret",
      "the secret of entry 1 must be 8 to 128 printable ASCII characters without space, comma or colon",
    ],
    [`a:a:${guid},b:a:12345678`, "entries 1 and 2 have the same key; each must have its own"],
    [`a:a:${guid},b:b:${guid}`, "entries 1 and 2 have the same secret; each must have its own"],
  ];
  test.each(cases)("%s is refused, and no secret is shown", (value, reason) => {
    expect(problemsOf({ PARLANCE_APPS: value })).toEqual([`PARLANCE_APPS: ${reason}.`]);
  });
});
