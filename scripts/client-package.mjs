/**
 * `npm run build`: makes of packages/client what people install, in packages/client/dist or in a new folder that is named.
 * `npm pack` there packs it. All of it lies at the package's root, where bundlers that know no `exports` look as well.
 */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root, setUp } from "./setup.mjs";

const source = join(root, "packages/client");
const entries = ["index", "msgpack"];

const read = (...path) => readFileSync(join(...path), "utf8");

/** What is bundled in keeps its notice, also in the bundles of those who use the package. */
const notices = {
  index: "",
  msgpack: `/*! @msgpack/msgpack\n${read(root, "node_modules/@msgpack/msgpack/LICENSE").trim()}\n*/`,
};

/** Each entry by itself: the little that both hold is less than a file that both would load. */
const buildScripts = async (folder) => {
  const { build } = await import("vite");
  for (const entry of entries)
    await build({
      root: source,
      configFile: false,
      publicDir: false,
      logLevel: "warn",
      build: {
        lib: { entry: join(source, `src/${entry}.ts`), formats: ["es"], fileName: entry },
        rolldownOptions: { output: { postBanner: notices[entry] } },
        outDir: folder,
        emptyOutDir: false,
        minify: false,
        sourcemap: true,
        target: "es2022",
      },
    });
};

/** `types/client` and `types/protocol`, as far as the entries reach. */
const buildTypes = (folder) => {
  const emitted = join(folder, ".emitted");
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", join(source, "build"), "--outDir", emitted], {
    stdio: ["ignore", 2, 2],
  });
  const done = new Set();
  const take = (file) => {
    if (done.has(file)) return;
    done.add(file);
    const placeOf = (declaration) =>
      join(folder, "types", relative(emitted, declaration).replace("/src/", "/"));
    const text = read(file).replace(/((?:\bfrom|\bimport)\s*\(?\s*")([^"]+)"/g, (_, before, wanted) => {
      const found = wanted.startsWith("@parlance/protocol")
        ? join(emitted, "protocol/src", `${wanted.slice("@parlance/protocol".length) || "index"}.d.ts`)
        : resolve(dirname(file), wanted.replace(/\.ts$/, ".d.ts"));
      take(found);
      const path = relative(dirname(placeOf(file)), placeOf(found)).replace(/\.d\.ts$/, ".js");
      return `${before}${path.startsWith(".") ? path : `./${path}`}"`;
    });
    mkdirSync(dirname(placeOf(file)), { recursive: true });
    writeFileSync(placeOf(file), text);
  };
  for (const entry of entries) {
    take(join(emitted, `client/src/${entry}.d.ts`));
    writeFileSync(join(folder, `${entry}.d.ts`), `export * from "./types/client/${entry}.js";\n`);
  }
  rmSync(emitted, { recursive: true });
};

const manifest = () => {
  const { private: _, devDependencies: __, exports: ___, ...own } = JSON.parse(read(source, "package.json"));
  const entry = (name) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
  return {
    ...own,
    main: "./index.js",
    types: "./index.d.ts",
    exports: { ".": entry("index"), "./msgpack": entry("msgpack"), "./package.json": "./package.json" },
  };
};

setUp();
const usual = join(source, "dist");
const folder = resolve(process.argv[2] ?? usual);
if (folder === usual) rmSync(folder, { recursive: true, force: true });
if (existsSync(folder)) {
  console.error(`${folder} is there already: name a new one.`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
await buildScripts(folder);
buildTypes(folder);
writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
cpSync(join(source, "README.md"), join(folder, "README.md"));
cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
console.log(`${folder}: ${readdirSync(folder).sort().join(", ")}`);
