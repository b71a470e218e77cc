import type { Store } from "../ports/store.ts";

export type Phase = "starting" | "running" | "draining";

export interface HealthOptions {
  store: Store;
  /** `starting` and `draining` refuse new connections. */
  phase(): Phase;
}

/** Milliseconds that the store may take to prove it is there. */
const patience = 2000;

/** `/healthz`: the process answers. `/readyz`: it can store messages and wants new connections. */
export function createHealth(options: HealthOptions): (path: string) => Promise<Response> | undefined {
  const pages: Record<string, () => Promise<Response>> = {
    "/healthz": async () => Response.json({ status: "ok", service: "parlance" }),
    "/readyz": () => ready(options),
  };
  return (path) => pages[path]?.();
}

async function ready({ store, phase }: HealthOptions): Promise<Response> {
  if (phase() !== "running") return notReady(phase());
  const late = new Promise<"late">((resolve) => setTimeout(resolve, patience, "late").unref());
  try {
    if ((await Promise.race([store.check(), late])) === "late") return notReady("the store does not answer");
  } catch {
    return notReady("the store fails");
  }
  return Response.json({ status: "ready" });
}

const notReady = (reason: string): Response =>
  Response.json({ status: "unavailable", reason }, { status: 503, headers: { "retry-after": "1" } });
