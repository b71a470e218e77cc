import type { ApiDescription } from "../http/api-description.ts";
import { buildOpenApi } from "../http/openapi.ts";
import { renderReference } from "../http/reference.ts";

/** Serves `openapi.json` and `docs/` below the prefix of every API, for anybody: they hold no secret. */
export function createReferencePages(apis: readonly ApiDescription[]): (request: Request) => Response | null {
  const pages = new Map<string, (origin: string) => Response>();
  for (const api of apis) {
    const document = JSON.stringify(buildOpenApi(api), null, 2);
    pages.set(
      `${api.prefix}/openapi.json`,
      () => new Response(document, { headers: { "content-type": "application/json" } }),
    );
    const reference = (origin: string) =>
      new Response(renderReference(api, origin), { headers: { "content-type": "text/html; charset=utf-8" } });
    for (const path of ["/docs", "/docs/"]) pages.set(`${api.prefix}${path}`, reference);
  }
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const { pathname, origin } = new URL(request.url);
    return pages.get(pathname)?.(origin) ?? null;
  };
}
