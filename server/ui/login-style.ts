/** How the pages of a login look: one narrow column in the middle, dark where it is wanted. */
export const loginStyle = `
:root {
  color-scheme: light dark;
  --text: #1b2330; --soft: #566174; --line: #8490a3; --page: #f5f7fa; --panel: #ffffff; --link: #0b5cad; --on: #ffffff;
  --wrong: #b3261e; --edge: #d9dfe8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ee; --soft: #9fabbc; --line: #77849a; --page: #12161c; --panel: #1a2028; --link: #7ab8ff; --on: #0d1117;
    --wrong: #ff8f86; --edge: #313a47;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
main {
  width: 100%; max-width: 24rem; padding: 2rem; background: var(--panel);
  border: 1px solid var(--edge); border-radius: 10px;
}
.product { margin: 0; color: var(--soft); font-size: 0.9rem; }
h1 { margin: 0.1rem 0 0.75rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.problem { padding: 0.6rem 0.8rem; border: 1px solid var(--wrong); border-radius: 6px; color: var(--wrong); }
label { display: block; margin: 0 0 0.25rem; font-weight: 600; }
input {
  width: 100%; margin: 0 0 1rem; padding: 0.6rem 0.7rem; font: inherit; color: inherit; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px;
}
.code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; letter-spacing: 0.08em; }
.code::placeholder { color: var(--soft); opacity: 1; }
button, .button {
  display: block; width: 100%; margin: 0 0 0.6rem; padding: 0.65rem 1rem; font: inherit; font-weight: 600; text-align: center;
  border: 1px solid var(--link); border-radius: 6px; background: var(--link); color: var(--on); cursor: pointer;
  text-decoration: none;
}
.other { background: transparent; color: var(--link); }
.or { margin: 0.5rem 0 0.75rem; text-align: center; color: var(--soft); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main > :last-child, form > :last-child { margin-bottom: 0; }
@media (max-width: 30rem) { main { padding: 1.25rem; } }
`
