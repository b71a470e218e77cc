import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { AppDirectory } from "../ports/store.ts";

/** Answers what is below `/demo`. */
export interface Demo {
  fetch(request: Request): Promise<Response>;
  close(): void;
}

export const demoPath = "/demo";
const demoAppKey = "demo";

/** The app that the demo is a back end of; made on the first start, with a secret nobody else knows. */
export async function ensureDemoApp(apps: AppDirectory): Promise<{ key: string; secret: string }> {
  const known = (await apps.list()).find((app) => app.key === demoAppKey);
  return known ?? apps.create({ key: demoAppKey, name: "Demo", secret: randomUUID() });
}

/**
 * The example back end, served from this process. It knows Parlance by its HTTP address and the app's secret alone,
 * as any back end does; it is loaded only when it is wanted.
 */
export async function openDemo(
  apiUrl: string,
  app: { key: string; secret: string },
  dataDir: string,
): Promise<Demo> {
  const { createDemo } = await import("../../../../examples/i2a-backend/src/index.ts");
  return createDemo({
    apiUrl,
    secret: app.secret,
    appKey: app.key,
    file: join(dataDir, "demo.sqlite"),
    basePath: demoPath,
  });
}
