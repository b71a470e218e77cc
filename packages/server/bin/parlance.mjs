#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { launch } from "./launch.mjs";

try {
  launch(fileURLToPath(new URL("../src/main.ts", import.meta.url)), process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
