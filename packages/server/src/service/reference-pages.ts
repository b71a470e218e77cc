import { type ApiDescription, documentsOf } from "../http/api-description.ts";
import { areasOf, renderContents } from "../http/contents.ts";
import { buildOpenApi } from "../http/openapi.ts";
import { renderReference } from "../http/reference.ts";

/** Serves `openapi.json` and `docs/` of every API, for anybody: they hold no secret. */
export function createReferencePages(apis: readonly ApiDescription[]): (request: Request) => Response | null {
  const pages = new Map<string, (origin: string) => Response>();
  for (const api of apis) {
    const document = JSON.stringify(buildOpenApi(api), null, 2);
    pages.set(
      `${documentsOf(api)}/openapi.json`,
      () => new Response(document, { headers: { "content-type": "application/json" } }),
    );
    const areas = areasOf(api);
    const whole = (origin: string) =>
      areas.length === 0 ? renderReference(api, origin) : renderContents(api);
    const divided = areas.map(
      ({ name, api: area }) => [`docs/${name}`, (origin: string) => renderReference(area, origin)] as const,
    );
    for (const [path, render] of [["docs", whole] as const, ...divided]) {
      const page = (origin: string) =>
        new Response(render(origin), { headers: { "content-type": "text/html; charset=utf-8" } });
      pages.set(`${documentsOf(api)}/${path}`, page).set(`${documentsOf(api)}/${path}/`, page);
    }
  }
  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return null;
    const { pathname, origin } = new URL(request.url);
    return pages.get(pathname)?.(origin) ?? null;
  };
}
