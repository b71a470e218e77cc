import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AppDirectory } from "../ports/store.ts";

/** Answers what is below `/demo`. */
export interface Demo {
  /** `address` is that of the peer the request came from. */
  fetch(request: Request, address: string): Promise<Response>;
  close(): void;
}

export const demoPath = "/demo";
/** The example of a back end that speaks I2A, with a page of its own. */
const i2aPath = `${demoPath}/i2a`;
const demoAppKey = "demo";

/** The app that the demos are back ends of; made on the first start, with a secret nobody else knows. */
export async function ensureDemoApp(apps: AppDirectory): Promise<{ key: string; secret: string }> {
  const known = (await apps.list()).find((app) => app.key === demoAppKey);
  return known ?? apps.create({ key: demoAppKey, name: "Demo", secret: randomUUID() });
}

/**
 * The demo and the I2A example, served from this process. They know Parlance by its HTTP address and the app's secret
 * alone, as any back end does; they are loaded only when they are wanted.
 */
export async function openDemo(
  apiUrl: string,
  app: { key: string; secret: string },
  dataDir: string,
): Promise<Demo> {
  const [chat, i2a] = await Promise.all([
    import("../../../demo/src/index.ts"),
    import("../../../../examples/i2a-backend/src/index.ts"),
  ]);
  const own = { apiUrl, app, file: join(dataDir, "demo-chat.sqlite"), basePath: demoPath };
  const demo: Demo = chat.createDemo(own);
  const example: Demo = i2a.createDemo({
    apiUrl,
    secret: app.secret,
    appKey: app.key,
    file: join(dataDir, "demo.sqlite"),
    basePath: i2aPath,
  });
  const isExample = (path: string): boolean => path === i2aPath || path.startsWith(`${i2aPath}/`);
  return {
    fetch: (request, address) =>
      (isExample(new URL(request.url).pathname) ? example : demo).fetch(request, address),
    close() {
      demo.close();
      example.close();
    },
  };
}
