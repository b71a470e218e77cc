import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { outputOf } from "./program.ts";

const root = resolve(import.meta.dir, "../..");

/** A folder of somebody who installed the package, with the sources of `tests/client-package/app` in it. */
export interface Consumer {
  folder: string;
  /** What the package holds. */
  packed: string[];
  /** Prints; throws when the program fails. */
  run(command: string, ...args: string[]): Promise<string>;
  remove(): void;
}

export async function startConsumer(): Promise<Consumer> {
  const place = mkdtempSync(join(tmpdir(), "parlance-package-"));
  const [built, folder] = [join(place, "built"), join(place, "app")];
  await outputOf("node", [join(root, "scripts/client-package.mjs"), built], root);
  // A registry that nobody can reach: whatever asked it would fail.
  const npm = {
    npm_config_cache: join(place, "npm"),
    npm_config_registry: "http://127.0.0.1:9/",
    npm_config_update_notifier: "false",
  };
  const said = await outputOf(
    "npm",
    ["pack", "--json", "--offline", "--pack-destination", place],
    built,
    npm,
  );
  const [{ filename, files }] = JSON.parse(said) as [{ filename: string; files: { path: string }[] }];
  cpSync(join(import.meta.dir, "app"), folder, { recursive: true });
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@parlance/client"), { recursive: true });
  await outputOf(
    "tar",
    ["-xzf", filename, "-C", join(modules, "@parlance/client"), "--strip-components=1"],
    place,
  );
  // For Node before 22, which has no WebSocket of its own.
  symlinkSync(join(root, "node_modules/ws"), join(modules, "ws"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return {
    folder,
    packed: files.map(({ path }) => path).sort(),
    run: (command, ...args) => outputOf(command, args, folder),
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** With the bundler of this repository: `page` for browsers, `phone` as one script. */
export const bundle = (consumer: Consumer, what: "page" | "phone"): Promise<string> =>
  consumer.run("node", join(import.meta.dir, "bundle.mjs"), consumer.folder, what);

/** With the compiler of this repository. */
export const compile = (consumer: Consumer, ...options: string[]): Promise<string> =>
  consumer.run("node", join(root, "node_modules/typescript/bin/tsc"), ...options);
