import type { ApiDescription } from "../http/api-description.ts";
import type { Handler } from "../http/serve.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Store } from "../ports/store.ts";
import type { TransportHandlers } from "../ports/transport.ts";
import { type Demo, demoPath } from "./demo.ts";
import { createHealth, type Phase } from "./health.ts";
import { landingPage } from "./landing.ts";
import { createReferencePages } from "./reference-pages.ts";

export interface PagesOptions {
  /** The dialects' calls, asked in order. */
  handlers: readonly Handler[];
  /** The APIs to document. */
  apis: readonly ApiDescription[];
  store: Store;
  metrics: Metrics;
  phase(): Phase;
  /** What an upgrade request to this path would be refused with; null if no socket is served there. */
  probeSocket(request: Request): Promise<Response | null>;
  /** Null while it isn't served. */
  demo(): Demo | null;
  onError(error: unknown): void;
}

/** Answers every HTTP request of the deployment; never rejects. */
export function createPages(options: PagesOptions): TransportHandlers<never>["request"] {
  const health = createHealth(options);
  const reference = createReferencePages(options.apis);
  return async (request, address) => {
    try {
      const document = reference(request);
      if (document) return document;
      for (const handler of options.handlers) {
        const response = await handler(request, address);
        if (response) return response;
      }
      const { pathname } = new URL(request.url);
      return (await health(pathname)) ?? (await page(options, pathname, request, address)) ?? notFound();
    } catch (error) {
      options.onError(error);
      return Response.json({ detail: "Something went wrong here." }, { status: 500 });
    }
  };
}

async function page(
  options: PagesOptions,
  path: string,
  request: Request,
  address: string,
): Promise<Response | undefined> {
  const demo = options.demo();
  if (demo && (path === demoPath || path.startsWith(`${demoPath}/`))) return demo.fetch(request, address);
  if (request.method !== "GET" && request.method !== "HEAD") return undefined;
  if (path === "/") return landingPage(demo !== null);
  if (path !== "/metrics") return (await options.probeSocket(request)) ?? undefined;
  const { metrics } = options;
  return new Response(await metrics.render(), { headers: { "content-type": metrics.contentType } });
}

const notFound = (): Response => Response.json({ detail: "There is nothing here." }, { status: 404 });
