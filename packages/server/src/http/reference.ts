/** Endpoint rows as one page for people: no scripts, nothing loaded from elsewhere. */

import {
  type ApiDescription,
  type DescribedRow,
  documentsOf,
  type Parameter,
  parametersOf,
  pathOf,
  refusalsOf,
} from "./api-description.ts";
import { curlExample } from "./curl-example.ts";
import { Html, html } from "./html.ts";
import { referenceStyle } from "./reference-style.ts";
import { typeName } from "./type-name.ts";

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

export const anchorOf = ({ method, path }: DescribedRow): string =>
  `${method}${path}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "");

const places = { path: "in the path", query: "in the query", body: "in the body" } as const;

const parameterRow = ({ name, schema, isRequired, place }: Parameter): Html => {
  const { description } = schema as { description?: string };
  return html`<tr><th scope="row"><code>${name}</code><small>${isRequired ? "required" : "optional"}, ${places[place]}</small></th>
<td>${description ? html`<p>${description}</p>` : ""}<small>${typeName(schema)}</small></td></tr>`;
};

const parameterTable = (row: DescribedRow): Html | string => {
  const parameters = parametersOf(row);
  if (parameters.length === 0) return "";
  return html`<h3>Parameters</h3><table>${parameters.map(parameterRow)}</table>`;
};

const answer = (row: DescribedRow): Html =>
  row.status === 204
    ? html`<h3>Answer</h3><p>Status 204, no body.</p>`
    : html`<h3>Answer</h3><p>Status ${row.status}.</p><pre><code>${pretty(row.example.result ?? {})}</code></pre>`;

const refusals = (api: ApiDescription, row: DescribedRow): Html =>
  html`<h3>Refusals</h3><table class="codes">${refusalsOf(api, row).map(
    ([status, { meaning }]) => html`<tr><th scope="row"><code>${status}</code></th><td>${meaning}</td></tr>`,
  )}</table>`;

const limit = (api: ApiDescription, row: DescribedRow): Html | string => {
  const perSecond = row.perSecond ?? api.perSecond;
  return perSecond === undefined
    ? ""
    : html`<p><small>At most ${perSecond} calls a second and app.</small></p>`;
};

const section = (api: ApiDescription, row: DescribedRow, origin: string): Html => html`
<section id="${anchorOf(row)}">
<h2><span class="${row.method.toLowerCase()}">${row.method}</span> <code>${pathOf(api, row)}</code></h2>
<p>${row.summary}</p>
${(row.notes ?? []).map((note) => html`<p>${note}</p>`)}${limit(api, row)}
${parameterTable(row)}
<h3>Example</h3><pre><code>${curlExample(api, row, origin)}</code></pre>
${answer(row)}
${refusals(api, row)}
</section>`;

const refusalBodies = (api: ApiDescription): Html =>
  html`<section id="refusals"><h2>Refusals</h2><p>The body is always JSON.</p>${Object.entries(
    api.refusals,
  ).map(
    ([status, { meaning, example }]) =>
      html`<h3><code>${status}</code></h3><p>${meaning}</p><pre><code>${pretty(example)}</code></pre>`,
  )}</section>`;

const headersOf = ({ security: { headers } }: ApiDescription): Html[] =>
  headers.map(
    ({ name }, index) =>
      html`${index === 0 ? (headers.length > 1 ? "the headers " : "the header ") : index === headers.length - 1 ? " and " : ", "}<code>${name}</code>`,
  );

/** The whole page. `origin` stands in the examples, e.g. `https://chat.example.com`. */
export const renderReference = (api: ApiDescription, origin: string): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${api.title}</title>
<style>${new Html(referenceStyle)}</style>
</head>
<body>
<nav aria-label="Calls"><a href="#top">${api.title}</a><ul>
${api.rows.map(
  (row) =>
    html`<li><a href="#${anchorOf(row)}"><span class="${row.method.toLowerCase()}">${row.method}</span> ${row.path}</a></li>`,
)}
<li><a href="#refusals"><span></span> Refusals</a></li></ul></nav>
<main id="top">
<h1>${api.title}</h1>
${api.intro.map((paragraph) => html`<p>${paragraph}</p>`)}
<p>Every call carries ${headersOf(api)}. ${api.security.sentence}</p>
<p>For machines: <a href="${documentsOf(api)}/openapi.json">openapi.json</a>.</p>
${api.rows.map((row) => section(api, row, origin))}
${refusalBodies(api)}
</main>
</body>
</html>
`.text;
