import { i2aPrefix } from "../dialects/i2a/endpoints/index.ts";
import { rongcloudApi } from "../dialects/rongcloud/api.ts";

const links = (hasDemo: boolean): [path: string, name: string, what: string][] => [
  ...(hasDemo
    ? ([
        ["/demo/", "Demo chat", "be anyone, in as many windows as you like"],
        ["/demo/i2a/", "Example for I2A", "a small back end and its page"],
      ] as [string, string, string][])
    : []),
  [`${i2aPrefix}/docs/`, "Server-to-server API", "every call, with examples"],
  [`${i2aPrefix}/openapi.json`, "OpenAPI document", "for generators and tools"],
  [`${rongcloudApi.documents}/docs/`, "RongCloud's Server API", "every call, with examples"],
  [
    `${rongcloudApi.documents}/openapi.json`,
    "OpenAPI document of RongCloud's API",
    "for generators and tools",
  ],
  ["/readyz", "Readiness", "can this node take messages?"],
  ["/metrics", "Metrics", "for Prometheus"],
];

const style = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto 2rem; padding: 0 1.25rem; }
h1 { font-size: 2rem; margin: 0; letter-spacing: -.02em; }
p { margin: .25rem 0 2rem; opacity: .75; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
a { display: block; padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 18%, transparent);
  border-radius: .75rem; text-decoration: none; color: inherit; }
a:hover, a:focus-visible { border-color: currentColor; }
a span { display: block; opacity: .65; font-size: .9rem; }`;

/** What a person sees who opens the server's address in a browser. */
export function landingPage(hasDemo: boolean): Response {
  const items = links(hasDemo).map(
    ([path, name, what]) => `<li><a href="${path}">${name}<span>${what}</span></a></li>`,
  );
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parlance</title><style>${style}</style></head>
<body><main><h1>Parlance</h1><p>This chat service is running.</p><ul>${items.join("")}</ul></main></body></html>`;
  return new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
}
