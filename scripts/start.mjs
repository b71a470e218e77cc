/** `npm start`: packages, the demo's page, then the server on its embedded default with the demo. All PARLANCE_… and PORT apply. */

import { join } from "node:path";
import { root, setUp } from "./setup.mjs";

setUp();
const { buildDemoPage } = await import("./demo-page.mjs");
await buildDemoPage();
const { launch } = await import("../packages/server/bin/launch.mjs");
launch(join(root, "packages/server/src/main.ts"), ["start", "--demo", ...process.argv.slice(2)]);
