import { fileURLToPath } from "node:url";
import { benchSecret } from "../dialects/back-end.ts";
import type { Launch } from "./server.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const baseline = here("../baseline/socketio.mjs");
const baselineEnv = (port: number) => ({ PORT: String(port), NODE_ENV: "production" });

const parlance = (settings: Record<string, string>): Launch => ({
  command: [process.execPath, here("../../../server/src/main.ts"), "start"],
  env: (port, folder) => ({
    PORT: String(port),
    PARLANCE_DATA: `${folder}/data`,
    PARLANCE_APPS: `bench:benchkey:${benchSecret}`,
    PARLANCE_FRAMES_PER_MINUTE: "1000000",
    PARLANCE_REQUESTS_PER_SECOND: "1000000",
    PARLANCE_RATE_FACTOR: "1000000",
    PARLANCE_LOG_LEVEL: "warn",
    ...settings,
  }),
  readyPath: "/readyz",
});

/** The servers that a scenario can name. Limits on clients are lifted: this measures the machine, not the limits. */
export const servers = {
  parlance: parlance({}),
  "parlance-deflate": parlance({ PARLANCE_COMPRESSION: "on" }),
  "socketio-node": { command: ["node", baseline], env: baselineEnv, readyPath: "/readyz" },
  "socketio-bun": { command: [process.execPath, baseline], env: baselineEnv, readyPath: "/readyz" },
} satisfies Record<string, Launch>;

export type ServerName = keyof typeof servers;
