/** docs/migrate-from-rongcloud.md: its commands are run as they stand, against a server as it says. */

import { expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cleanEnvironment,
  launcher,
  spawnParlance,
} from "../packages/server/src/testing/parlance-process.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

const guide = readFileSync(join(import.meta.dir, "../docs/migrate-from-rongcloud.md"), "utf8");
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm"))].map(
    ([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );

const [key, secret] = ["our-old-key", "our-old-secret-0001"];

test(
  "what the guide says to do works, and its refusal is as shown",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "parlance-guide-"));
    const own = { PARLANCE_DATA: join(folder, "data"), PARLANCE_HOST: "127.0.0.1", PARLANCE_PORT: "0" };
    const server = spawnParlance(["start"], own);
    try {
      const SERVER = String((await server.waitFor(/listening on (http:\S+)/))[1]);
      const env = { ...cleanEnvironment(), ...own, SERVER, APP_KEY: key, APP_SECRET: secret };
      const run = (script: string) => {
        const ran = spawnSync(
          "bash",
          ["-euo", "pipefail", "-c", script.replaceAll("npx parlance", `node '${launcher}'`)],
          {
            env,
            encoding: "utf8",
            timeout: startPatience,
          },
        );
        expect([ran.status, ran.stderr]).toEqual([0, ""]);
        return ran.stdout.trim().split("\n");
      };
      const [create = "", set = "", define = "", works = "", refused = ""] = blocks("sh");
      run(create + set);
      await until("the server knows the app", () => {
        const [answer = ""] = run(`${define}rc /user/info.json userId=nobody`);
        return !answer.includes("Invalidate App-Key");
      });
      const answers = run(define + works);
      expect(answers).toHaveLength(works.trim().split("\n").length);
      expect(answers.filter((answer) => !answer.startsWith('{"code":200'))).toEqual([]);
      expect(run(define + refused)).toEqual(blocks("json").map((text) => text.trim()));
    } finally {
      server.child.kill("SIGTERM");
      await server.finished;
      rmSync(folder, { recursive: true });
    }
  },
  startPatience * 3,
);
