/**
 * Runs the example as a process of its own, the way your back end would stand beside Parlance.
 *
 * PARLANCE_URL         where this process reaches Parlance (default http://127.0.0.1:8080)
 * PARLANCE_SECRET      the app's secret (required)
 * PARLANCE_SOCKET_URL  where browsers reach Parlance's socket (default: PARLANCE_URL as ws, path /socket/)
 * PORT, HOST           where to listen (default 8090 on 127.0.0.1)
 * DEMO_FILE            database file (default ./data/i2a-backend.sqlite)
 */
import { createDemo } from "./index.ts";

const { env } = process;
const apiUrl = env.PARLANCE_URL ?? "http://127.0.0.1:8080";
const secret = env.PARLANCE_SECRET;
if (!secret) {
  console.error("Set PARLANCE_SECRET to the app's secret (npx parlance app create NAME prints it).");
  process.exit(1);
}

const demo = createDemo({
  apiUrl,
  secret,
  file: env.DEMO_FILE ?? "data/i2a-backend.sqlite",
  basePath: "",
  socketUrl: env.PARLANCE_SOCKET_URL ?? `${apiUrl.replace(/^http/, "ws").replace(/\/+$/, "")}/socket/`,
});
const server = Bun.serve({
  port: Number(env.PORT ?? 8090),
  hostname: env.HOST ?? "127.0.0.1",
  maxRequestBodySize: 65_536,
  fetch: demo.fetch,
});
console.log(`The example listens on ${server.url} and talks to Parlance at ${apiUrl}`);

const stop = async () => {
  await server.stop();
  demo.close();
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
