/** How the set-up page looks: calm, one column on a phone, the steps beside the form where there is room, dark where it is wanted. */
export const style = `
:root {
  color-scheme: light dark;
  --text: #1b2330; --soft: #566174; --page: #f4f6f9; --panel: #ffffff; --edge: #dfe4ec; --line: #7d899c; --link: #0b5cad;
  --on: #ffffff; --tint: #eaf2fb; --wrong: #b3261e; --wrong-tint: #fdf1f0; --good: #0b6e4f; --hover: #084a8c;
  --mono: ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e4e8ee; --soft: #a6b1c1; --page: #10141a; --panel: #191f27; --edge: #2c3440; --line: #77849a; --link: #7ab8ff;
    --on: #0d1117; --tint: #1b2a3c; --wrong: #ff9d95; --wrong-tint: #2c1d1e; --good: #5fd3a6; --hover: #a3cfff;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
header, main { max-width: 61.5rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: 0.5rem 1.5rem; padding-top: 1.25rem; padding-bottom: 1.25rem; }
main { padding-bottom: 5rem; }
main:focus { outline: none; }
a { color: var(--link); text-underline-offset: 0.2em; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 0.5rem; font-size: clamp(1.6rem, 1.3rem + 1.4vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; }
h2 { margin: 0 0 0.35rem; font-size: 1.15rem; line-height: 1.35; letter-spacing: -0.005em; }
.soft, .hint { color: var(--soft); }
.technical { font-family: var(--mono); font-size: 0.92em; }
.skip { position: absolute; left: -100vw; top: 0; padding: 0.6rem 1rem; background: var(--panel); z-index: 1; }
.skip:focus { left: 0; }
.product { display: flex; align-items: center; gap: 0.6rem; margin: 0; font-weight: 650; letter-spacing: -0.01em; }
.mark { width: 1.6rem; height: 1.6rem; border-radius: 0.45rem; background: var(--link); position: relative; }
.mark::after {
  content: ""; position: absolute; inset: 0.42rem 0.45rem 0.42rem 0.5rem; border: 0.19rem solid var(--on); border-radius: 0 0.6rem 0.6rem 0;
}
.stages ol { display: flex; gap: 0.4rem 1.4rem; margin: 0; padding: 0; list-style: none; font-size: 0.9rem; color: var(--soft); }
.stages li { display: flex; align-items: center; gap: 0.5rem; }
.stages li::before { content: ""; width: 0.55rem; height: 0.55rem; border-radius: 50%; border: 2px solid var(--line); }
.stages .past::before { background: var(--line); }
.stages .present { color: var(--text); font-weight: 650; }
.stages .present::before { background: var(--link); border-color: var(--link); }
.languages { grid-column: 3; justify-self: end; font-size: 0.9rem; }
.languages a { display: inline-block; padding: 0.25rem 0; }
.lead { margin: 1rem 0 1.75rem; max-width: 42rem; }
.lead p { color: var(--soft); font-size: 1.05rem; margin-bottom: 0.5rem; }
.middle { max-width: 44rem; margin: 0 auto; }
.middle > .card:first-child { margin-top: 1.5rem; }
.steps { display: none; font-size: 0.92rem; }
.card { margin: 0 0 1.25rem; padding: 1.75rem; background: var(--panel); border: 1px solid var(--edge); border-radius: 14px; }
.card > :last-child, .lead > :last-child { margin-bottom: 0; }
.number {
  display: inline-grid; place-items: center; width: 1.7rem; height: 1.7rem; margin-right: 0.7rem; border-radius: 50%;
  background: var(--tint); color: var(--link); font-size: 0.9rem; font-weight: 650;
}
.optional { margin-left: 0.5rem; color: var(--soft); font-size: 0.85rem; font-weight: 400; letter-spacing: 0; }
.fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem 1rem; align-items: end; margin: 1.25rem 0 0; }
.full { grid-column: 1 / -1; }
.field label, legend { display: block; margin: 0; padding: 0; font-weight: 600; }
.hint { margin: 0.05rem 0 0; font-size: 0.92rem; }
input[type="text"], input[type="password"], textarea {
  display: block; width: 100%; margin: 0.4rem 0 0; padding: 0.6rem 0.75rem; font: inherit; color: inherit; background: var(--panel);
  border: 1px solid var(--line); border-radius: 8px;
}
textarea { resize: vertical; min-height: 6rem; line-height: 1.45; }
::placeholder { color: var(--soft); opacity: 1; }
input.technical, textarea.technical { font-family: var(--mono); font-size: 0.95rem; }
input[readonly] { background: var(--page); border-color: var(--edge); color: var(--soft); }
input[type="file"] { display: block; width: 100%; margin: 0.3rem 0 0; font: inherit; font-size: 0.92rem; color: var(--soft); }
.file { font-size: 0.92rem; margin-top: 0.6rem !important; }
#code, #gateway { max-width: 20rem; }
#code { font-size: 1.25rem; letter-spacing: 0.12em; text-transform: uppercase; }
[aria-invalid] { border-color: var(--wrong) !important; box-shadow: 0 0 0 1px var(--wrong); }
.error { margin: 0.2rem 0 0; color: var(--wrong); font-size: 0.95rem; font-weight: 600; }
.summary { margin: 0 0 1.25rem; padding: 1.25rem 1.5rem; background: var(--wrong-tint); border: 1px solid var(--wrong); border-left-width: 5px; border-radius: 14px; }
.card > .summary { margin-top: 1.25rem; }
.summary h2 { color: var(--wrong); }
.summary p { margin: 0 0 0.5rem; }
.summary ul { margin: 0.25rem 0 0; padding-left: 1.2rem; }
.summary a { color: var(--wrong); font-weight: 600; }
.summary > :last-child { margin-bottom: 0; }
.remark { margin: 0 0 1.25rem; padding: 1rem 1.25rem; background: var(--tint); border-radius: 10px; }
.remark > p { margin: 0.25rem 0 0; }
.choice { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 1.25rem 0 0; padding: 0; border: 0; min-width: 0; }
.choice legend { margin-bottom: 0.4rem; }
.choice label {
  flex: 1 1 14rem; display: flex; gap: 0.65rem; align-items: center; padding: 0.7rem 0.9rem; border: 1px solid var(--line);
  border-radius: 8px; cursor: pointer;
}
.choice label:has(:checked) { border-color: var(--link); background: var(--tint); box-shadow: 0 0 0 1px var(--link); }
.choice input { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: var(--link); flex: none; }
form:has(#addressing-dhcp:checked) .when-addressing, form:has(#certificate-keep:checked) .when-certificate { display: none; }
details { margin: 1.5rem 0 0; }
summary { cursor: pointer; color: var(--link); font-weight: 600; padding: 0.15rem 0; width: fit-content; }
.actions { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem; margin: 1.5rem 0 0; }
.actions .soft { flex: 1 1 16rem; margin: 0; font-size: 0.95rem; }
button, .button {
  display: inline-block; padding: 0.7rem 1.6rem; font: inherit; font-weight: 650; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on); background: var(--link); border: 1px solid var(--link); border-radius: 8px;
}
button:hover, .button:hover { background: var(--hover); border-color: var(--hover); }
.other { color: var(--link); background: transparent; }
.other:hover { color: var(--on); }
button:disabled { opacity: 0.65; cursor: progress; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.review h2 { margin: 1.75rem 0 0.25rem; color: var(--soft); font-size: 0.9rem; font-weight: 650; }
.review h2:first-child { margin-top: 0; }
dl { margin: 0; }
dl > div { display: grid; grid-template-columns: minmax(0, 13rem) minmax(0, 1fr); gap: 0 1.25rem; padding: 0.5rem 0; border-top: 1px solid var(--edge); }
dd { margin: 0; overflow-wrap: anywhere; }
.row { display: block; }
.note { font-size: 0.95rem; }
.progress { margin: 1.5rem 0 0; padding: 1rem 1.25rem; background: var(--tint); border-radius: 10px; }
.progress p { margin: 0 0 0.75rem; }
.bar { height: 4px; border-radius: 2px; background: linear-gradient(90deg, var(--edge), var(--link), var(--edge)); background-size: 200% 100%; animation: slide 1.6s linear infinite; }
@keyframes slide { from { background-position: 200% 0; } to { background-position: 0 0; } }
.block { margin: 0 0 1.25rem; background: var(--page); border: 1px solid var(--edge); border-radius: 8px; }
code { font-family: var(--mono); font-size: 0.92em; }
pre code { font-size: 1em; }
pre {
  margin: 0; padding: 0.9rem 1rem; overflow-x: auto; border-radius: 8px;
  font: 0.88rem/1.55 var(--mono);
}
.copy { display: block; margin: 0.5rem 0.5rem 0 auto; padding: 0.15rem 0.7rem; font-size: 0.88rem; color: var(--link); background: var(--panel); border-color: var(--edge); }
.copy:not([hidden]) + pre { padding-top: 0; }
.copy:hover { color: var(--on); }
.tick { width: 3rem; height: 3rem; margin: 0 0 1rem !important; border-radius: 50%; background: var(--good); position: relative; }
.tick::after { content: ""; position: absolute; left: 1.05rem; top: 0.65rem; width: 0.8rem; height: 1.35rem; border: solid var(--panel); border-width: 0 0.25rem 0.25rem 0; transform: rotate(45deg); }
.addresses { margin: 0 0 1.25rem; padding: 0; list-style: none; }
.address { display: inline-block; padding: 0.3rem 0; font-family: var(--mono); font-size: 1.1rem; overflow-wrap: anywhere; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.over { font-weight: 600; }
ul { padding-left: 1.2rem; }
li { margin: 0.2rem 0; overflow-wrap: anywhere; }
@media (min-width: 60rem) {
  .columns { display: grid; grid-template-columns: 13rem minmax(0, 42rem); gap: 4rem; }
  .steps { display: block; position: sticky; top: 2rem; align-self: start; padding-top: 1.4rem; }
  .steps ol { margin: 0 0 1.5rem; padding: 0; list-style: none; counter-reset: step; border-left: 2px solid var(--edge); }
  .steps li { margin: 0; }
  .steps a { display: block; padding: 0.4rem 0 0.4rem 1.1rem; color: var(--text); text-decoration: none; }
  .steps a:hover, .steps a:focus-visible { color: var(--link); text-decoration: underline; }
}
@media (max-width: 34rem) {
  header { grid-template-columns: 1fr auto; gap: 0.75rem 1rem; }
  .stages { order: 1; grid-column: 1 / -1; }
  .languages { grid-column: 2; }
  .fields { grid-template-columns: minmax(0, 1fr); }
  .card { padding: 1.25rem; border-radius: 12px; }
  dl > div { grid-template-columns: minmax(0, 1fr); }
  dt { color: var(--soft); font-size: 0.92rem; }
  .actions button, .actions .button { width: 100%; }
}
@media (prefers-reduced-motion: reduce) { .bar { animation: none; } }
@media (forced-colors: active) { .mark, .tick, .number { forced-color-adjust: none; } }
`
