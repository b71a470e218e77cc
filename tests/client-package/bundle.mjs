/** `node bundle.mjs FOLDER page|phone`: bundles what somebody made with the package, into FOLDER/dist-page or -phone. */

import { join } from "node:path";
import { build } from "vite";

const [folder, what] = process.argv.slice(2);

const builds = {
  page: {},
  phone: {
    lib: { entry: join(folder, "phone.ts"), formats: ["iife"], name: "phone", fileName: () => "phone.js" },
    target: "es2022",
  },
};

await build({
  root: folder,
  configFile: false,
  logLevel: "warn",
  build: { outDir: `dist-${what}`, modulePreload: { polyfill: false }, ...builds[what] },
});
