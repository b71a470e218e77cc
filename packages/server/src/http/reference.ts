/** Endpoint rows as one page for people: no scripts, nothing loaded from elsewhere. */

import {
  type ApiDescription,
  type DescribedRow,
  type Parameter,
  parametersOf,
  pathOf,
  refusalsOf,
} from "./api-description.ts";
import { curlExample } from "./curl-example.ts";
import { referenceStyle } from "./reference-style.ts";
import { typeName } from "./type-name.ts";

/** `html` escapes what is put into it, except what is html already. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const toText = (part: unknown): string => {
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(toText).join("");
  return String(part ?? "").replace(/[&<>"]/g, (char) => entities[char] ?? char);
};

const html = (strings: TemplateStringsArray, ...parts: unknown[]): Html =>
  new Html(strings.reduce((text, string, index) => text + toText(parts[index - 1]) + string));

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

const anchorOf = ({ method, path }: DescribedRow): string =>
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
<p>Every call carries the header <code>${api.security.header}</code>. ${api.security.sentence}</p>
<p>Parameters travel as a form (a list is the key repeated) or as a JSON object. The trailing slash may be left out.
For machines: <a href="${api.prefix}/openapi.json">openapi.json</a>.</p>
${api.rows.map((row) => section(api, row, origin))}
${refusalBodies(api)}
</main>
</body>
</html>
`.text;
