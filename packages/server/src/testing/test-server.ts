import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningServer, startServer } from "../app.ts";
import { type Config, loadConfig } from "../config.ts";
import { createLogger } from "../observe/logger.ts";

export interface TestServer extends RunningServer {
  /** `ws://…` of the same server. */
  socketUrl: string;
  dataDir: string;
  /** For who opens the same data beside it. */
  config: Config;
  /** Every log line so far. */
  log: string[];
  /** Ends the server, at once or by draining it, and starts another one on the same data. */
  restart(by?: "stop" | "drain"): Promise<TestServer>;
}

/** Two apps that every test server has. */
export const testApps = {
  shop: { name: "Shop", key: "shop", secret: "secret-of-shop-0001" },
  bank: { name: "Bank", key: "bank", secret: "secret-of-bank-0001" },
};

/** The whole server on a free port, with a database of its own that goes when it stops. */
export async function startTestServer(
  overrides: Partial<Config> = {},
  dataDir = mkdtempSync(join(tmpdir(), "parlance-")),
): Promise<TestServer> {
  const config = { ...loadConfig({}), ...baseConfig(dataDir), ...overrides };
  const log: string[] = [];
  const logger = createLogger({ logLevel: "debug" }, { write: (line) => void log.push(line) });
  const server = await startServer(config, { logger });
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  return {
    ...server,
    socketUrl: server.url.replace("http", "ws"),
    dataDir,
    config,
    log,
    async stop() {
      await server.stop();
      remove();
    },
    async restart(by = "stop") {
      await server[by]();
      return startTestServer(overrides, dataDir);
    },
  };
}

function baseConfig(dataDir: string): Partial<Config> {
  return {
    dataDir,
    port: 0,
    host: "127.0.0.1",
    apps: Object.values(testApps),
    requestsPerSecond: 100_000,
    rateFactor: 1_000_000,
  };
}
