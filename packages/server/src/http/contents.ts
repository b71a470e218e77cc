/** An API of many calls in several pages: one by area, and one that lists all calls of all areas. */

import { type ApiDescription, type DescribedRow, documentsOf } from "./api-description.ts";
import { Html, html } from "./html.ts";
import { anchorOf } from "./reference.ts";
import { referenceStyle } from "./reference-style.ts";

export interface Area {
  name: string;
  /** The API as if it had nothing else. */
  api: ApiDescription;
}

/** In the order in which they first come; none where the API is not divided. */
export function areasOf(api: ApiDescription): Area[] {
  const { areaOf } = api;
  if (areaOf === undefined) return [];
  const byName = Map.groupBy(api.rows, areaOf);
  return [...byName].map(([name, rows]) => ({
    name,
    api: { ...api, title: `${api.title}: ${name}`, rows, documents: documentsOf(api) },
  }));
}

const link = (api: ApiDescription, area: string, row: DescribedRow): Html => html`
<tr><th scope="row"><a href="${documentsOf(api)}/docs/${area}/#${anchorOf(row)}"><code>${row.path}</code></a></th>
<td>${row.summary}</td></tr>`;

/** The page that lists every call. */
export const renderContents = (api: ApiDescription): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${api.title}</title>
<style>${new Html(referenceStyle)}</style>
</head>
<body>
<nav aria-label="Areas"><a href="#top">${api.title}</a><ul>
${areasOf(api).map(({ name }) => html`<li><a href="#${name}">${name}</a></li>`)}</ul></nav>
<main id="top">
<h1>${api.title}</h1>
${api.intro.map((paragraph) => html`<p>${paragraph}</p>`)}
<p>For machines: <a href="${documentsOf(api)}/openapi.json">openapi.json</a>.</p>
${areasOf(api).map(
  ({ name, api: area }) => html`<section id="${name}">
<h2><a href="${documentsOf(api)}/docs/${name}/">${name}</a></h2>
<table>${area.rows.map((row) => link(api, name, row))}</table>
</section>`,
)}
</main>
</body>
</html>
`.text;
