/** The look of the reference page: two columns where there is room, one on a phone, light or dark as the reader is. */
export const referenceStyle = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --paper: #fdfdfc; --box: #f3f3f1; --line: #e2e2de;
  --accent: #0b68cb; --get: #0b68cb; --post: #15803d; --delete: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #b0b4ba; --paper: #111213; --box: #1b1d1f;
  --line: #2e3135; --accent: #70b8ff; --get: #70b8ff; --post: #6bd68a; --delete: #ff9592; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--accent); }
code, pre { font: .875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 code { font-size: 1.05rem; }
h3 { font-size: .8rem; margin: 1.5rem 0 .4rem; color: var(--soft); text-transform: uppercase; letter-spacing: .06em; }
h3 code { text-transform: none; font-size: .95rem; color: var(--ink); }
p { margin: .4rem 0; }
small { color: var(--soft); font-size: .85rem; }
section { padding: 2rem 0; border-top: 1px solid var(--line); }
pre { overflow-x: auto; margin: 0; padding: .9rem 1rem; background: var(--box); border-radius: .6rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .5rem 1rem .5rem 0; border-top: 1px solid var(--line);
  font-weight: normal; overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; }
th { width: 38%; } .codes th { width: 4rem; } th small { display: block; } td p { margin: 0; }
.get { color: var(--get); } .post { color: var(--post); } .delete { color: var(--delete); }
nav { padding: 1.5rem 1.25rem; border-bottom: 1px solid var(--line); font-size: .875rem; }
nav > a { display: none; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: grid; padding: .3rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav li a:has(span) { grid-template-columns: 3.6rem 1fr; }
nav li a:hover, nav li a:focus-visible { text-decoration: underline; }
nav span { font-weight: 600; font-size: .75rem; line-height: 1.9; }
@media (min-width: 70rem) {
  body { display: grid; grid-template-columns: 22rem 1fr; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-bottom: 0; border-right: 1px solid var(--line); }
  nav > a { display: block; margin-bottom: 1rem; color: inherit; font-weight: 600; text-decoration: none; }
}`;
