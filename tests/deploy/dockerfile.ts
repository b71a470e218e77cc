/** Reads a Dockerfile and carries it out in a folder, without Docker: COPY, RUN, WORKDIR, ENV, and what to start. */

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export interface Stage {
  name: string;
  base: string;
  steps: { word: string; rest: string }[];
}

export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .join("\n")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, word = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (word === "FROM") {
      const [base = "", , name = ""] = rest.split(/\s+/);
      stages.push({ name, base, steps: [] });
    } else stages.at(-1)?.steps.push({ word, rest });
  }
  return stages;
}

/** What a container of the image would run, with the image's root in `root`. */
export interface BuiltImage {
  root: string;
  env: Record<string, string>;
  user: { id: number; group: number };
  command: string[];
  healthCheck: string[];
  volumes: string[];
}

/** `sources`: the build's context, already without what is ignored. Files of an image lie below `folder`/its stage. */
export function buildImage(stages: readonly Stage[], sources: string, folder: string): BuiltImage {
  const roots = new Map<string, string>();
  let image: BuiltImage | undefined;
  for (const [index, { name, steps }] of stages.entries()) {
    const root = join(folder, name || `${index}`);
    roots.set(name, root);
    mkdirSync(root, { recursive: true });
    image = carryOut(steps, root, (from) => (from === undefined ? sources : (roots.get(from) ?? "")));
  }
  if (!image) throw new Error("There is no stage.");
  return image;
}

function carryOut(
  steps: Stage["steps"],
  root: string,
  sourceOf: (stage: string | undefined) => string,
): BuiltImage {
  const image: BuiltImage = {
    root,
    env: {},
    user: { id: 0, group: 0 },
    command: [],
    healthCheck: [],
    volumes: [],
  };
  let workdir = "/";
  const inside = (path: string) => join(root, path.startsWith("/") ? path : join(workdir, path));
  let entry: string[] = [];
  for (const { word, rest } of steps) {
    switch (word) {
      case "WORKDIR":
        workdir = rest;
        mkdirSync(inside("."), { recursive: true });
        break;
      case "ENV":
        for (const pair of rest.split(/\s+/)) {
          const [name = "", value = ""] = pair.split("=");
          image.env[name] = value;
        }
        break;
      case "COPY":
        copy(rest, sourceOf, inside);
        break;
      case "RUN":
        execFileSync("sh", ["-c", rest], {
          cwd: inside("."),
          stdio: ["ignore", "ignore", "pipe"],
          env: { ...process.env, npm_config_prefer_offline: "true" },
          timeout: 5 * 60_000,
        });
        break;
      case "USER": {
        const [id, group] = rest.split(":").map(Number);
        image.user = { id: id ?? 0, group: group ?? 0 };
        break;
      }
      case "VOLUME":
        image.volumes.push(rest);
        break;
      case "HEALTHCHECK":
        image.healthCheck = JSON.parse(rest.slice(rest.indexOf("[")));
        break;
      case "ENTRYPOINT":
        entry = JSON.parse(rest);
        break;
      case "CMD":
        image.command = [...entry, ...(JSON.parse(rest) as string[])];
        break;
      case "EXPOSE":
      case "STOPSIGNAL":
        break;
      default:
        throw new Error(`This test does not know how to do ${word} of the Dockerfile.`);
    }
  }
  return image;
}

function copy(
  rest: string,
  sourceOf: (stage: string | undefined) => string,
  inside: (path: string) => string,
) {
  const words = rest.split(/\s+/);
  const flags = new Map(
    words.filter((word) => word.startsWith("--")).map((word) => word.split("=") as [string, string]),
  );
  const paths = words.filter((word) => !word.startsWith("--"));
  const destination = paths.pop() ?? "";
  const from = sourceOf(flags.get("--from"));
  for (const path of paths) {
    const source = join(from, path);
    if (!existsSync(source)) throw new Error(`COPY ${rest}: there is no ${path}.`);
    const isFolder = statSync(source).isDirectory();
    const intoFolder = destination.endsWith("/");
    const target = inside(!isFolder && intoFolder ? join(destination, basename(path)) : destination);
    mkdirSync(isFolder ? target : dirname(target), { recursive: true });
    // The contents of a folder, symbolic links as they are.
    execFileSync("cp", ["-a", isFolder ? `${source}/.` : source, target]);
    const owner = flags.get("--chown");
    if (owner && process.getuid?.() === 0) execFileSync("chown", ["-R", owner, target]);
    else if (!owner && isFolder) chmodSync(target, 0o755);
  }
}
