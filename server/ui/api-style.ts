/** How the page of the API looks: one column on a phone, contents beside it where there is room, dark where it is wanted. */
export const apiStyle = `
:root {
  color-scheme: light dark;
  --text: #1b2330; --soft: #566174; --line: #d9dfe8; --page: #ffffff; --panel: #f5f7fa; --link: #0b5cad;
  --get: #0b6e4f; --post: #0b5cad; --put: #8a5300; --delete: #b3261e;
  --mono: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ee; --soft: #9fabbc; --line: #313a47; --page: #12161c; --panel: #1a2028; --link: #7ab8ff;
    --get: #5fd3a6; --post: #7ab8ff; --put: #f0b35c; --delete: #ff8f86;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
code, pre { font-family: var(--mono); font-size: 0.875em; }
code { overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.5rem; }
h2 { font-size: 1.35rem; margin: 3.5rem 0 0; padding-bottom: 0.4rem; border-bottom: 1px solid var(--line); }
h2::first-letter, nav summary::first-letter, nav h2::first-letter { text-transform: uppercase; }
h3 { font-size: 1.05rem; margin: 0 0 0.25rem; }
h4 { font-size: 0.8rem; margin: 1.25rem 0 0.25rem; color: var(--soft); text-transform: uppercase; letter-spacing: 0.05em; }
p { margin: 0.4rem 0; max-width: 44rem; }
pre {
  margin: 0.4rem 0; padding: 0.75rem 0.9rem; overflow-x: auto; line-height: 1.5;
  background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
}
main { padding: 1.25rem 1rem 4rem; min-width: 0; }
article { margin: 1.75rem 0 2.5rem; }
.address { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.1rem 0.6rem; margin: 0.2rem 0; }
.method { font-weight: 700; font-family: var(--mono); font-size: 0.875em; }
.GET { color: var(--get); } .POST { color: var(--post); } .PUT { color: var(--put); } .DELETE { color: var(--delete); }
.soft { color: var(--soft); }
dl { margin: 0.3rem 0; border-top: 1px solid var(--line); }
dl > div { padding: 0.45rem 0; border-bottom: 1px solid var(--line); }
dt { display: flex; flex-wrap: wrap; gap: 0 0.6rem; align-items: baseline; }
dt code { font-weight: 600; }
dd { margin: 0; color: var(--soft); overflow-wrap: anywhere; }
dd p { margin: 0; max-width: none; }
.must { color: var(--delete); font-size: 0.8rem; }
.type { color: var(--soft); font-size: 0.875rem; }
details { margin: 0.75rem 0; }
summary { cursor: pointer; font-weight: 600; padding: 0.15rem 0; }
nav { padding: 0.75rem 1rem; background: var(--panel); border-bottom: 1px solid var(--line); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: 0.2rem 0; color: var(--text); }
nav h2 { font-size: 0.95rem; margin: 0.9rem 0 0.1rem; border: 0; padding: 0; }
nav h2 a { color: var(--soft); }
.wide { display: none; }
@media (min-width: 62rem) {
  .narrow { display: none; }
  .wide { display: block; }
  body { display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
  nav {
    position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.25rem;
    border-bottom: 0; border-right: 1px solid var(--line); font-size: 0.9rem;
  }
  main { padding: 2rem 3rem 6rem; max-width: 68rem; }
  dl > div { display: grid; grid-template-columns: 22rem minmax(0, 1fr); gap: 1.5rem; }
  details dl > div { grid-template-columns: 3rem minmax(0, 1fr); }
}
@media print { nav { display: none; } body { display: block; } article { break-inside: avoid-page; } }
`
