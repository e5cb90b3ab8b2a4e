import { createHash } from "node:crypto";

/**
 * One sheet for every page, inside it: a report is one file that can be sent by mail and opened without a network.
 * Every pair of colours has a contrast of 4.5 or more (test with axe).
 */
export const REPORT_STYLE = `
:root { --ink: #1b2733; --soft: #51606e; --sea: #0f4c6b; --line: #d9dfe4; --paper: #ffffff; --shore: #f3f5f6; --sand: #fff6e0; --amber: #6b4a00; --rust: #8a2b12; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--shore); color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; overflow-wrap: break-word; hyphens: auto; }
a { color: var(--sea); text-underline-offset: .2em; }
a:focus-visible { outline: 3px solid var(--sea); outline-offset: 3px; border-radius: 2px; }
.skip { position: absolute; left: -100rem; top: 0; background: var(--paper); padding: .75rem 1rem; }
.skip:focus { left: 0; z-index: 1; }
.sheet { max-width: 54rem; margin: 2.5rem auto; padding: 3rem 3.5rem 2rem; background: var(--paper); border: 1px solid var(--line); border-top: 6px solid var(--sea); }
header { padding: 0 0 1.5rem; }
h1, h2, h3 { font-family: Georgia, "Liberation Serif", "Times New Roman", serif; font-weight: 600; line-height: 1.25; text-wrap: balance; hyphens: manual; }
h1 { font-size: clamp(1.6rem, 1.2rem + 2vw, 2.35rem); margin: .25rem 0 0; }
h2 { font-size: 1.4rem; margin: 0 0 .75rem; color: var(--sea); }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .25rem; }
p { margin: 0 0 .75rem; text-wrap: pretty; }
.kind { margin: 0; color: var(--sea); font-weight: 600; letter-spacing: .06em; text-transform: uppercase; font-size: .85rem; }
.note { color: var(--soft); font-size: .92rem; }
.notice { background: var(--shore); border: 1px solid var(--line); border-left: 5px solid var(--sea); padding: .8rem 1.1rem; margin: 0 0 .75rem; }
.notice strong { display: block; }
.notice p { margin: 0; font-size: .97rem; }
.notice-practice { background: var(--sand); border-color: #d8b45a; border-left-color: #a87400; color: var(--amber); }
.notice-practice strong { font-size: 1.1rem; }
.notice-caution { border-left-color: #b4552f; }
.notice-caution strong { color: var(--rust); }
section { padding: 1.75rem 0 .5rem; margin: 1.5rem 0 0; border-top: 1px solid var(--line); }
.notice + section { border-top: 0; margin-top: .5rem; }
ul.items, ul.proofs, ul.documents { list-style: none; margin: 0; padding: 0; }
ul.items > li { padding: .55rem 0; }
@media (min-width: 46rem) { .rows > li { display: grid; grid-template-columns: 13rem 1fr; gap: 0 1.5rem; } }
.label { display: block; color: var(--soft); font-size: .88rem; font-weight: 400; }
.value { font-weight: 600; margin: 0 0 .35rem; }
.keywords { color: var(--soft); font-size: .9rem; margin: 0 0 .35rem; }
.caution { color: var(--rust); font-weight: 600; font-size: .95rem; margin: 0 0 .35rem; }
.proof { margin: 0 0 .5rem; padding: .1rem 0 .1rem 1rem; border-left: 3px solid #7fa6b9; }
.proof blockquote { margin: 0; }
.proof blockquote p { margin: 0; font-family: Georgia, "Liberation Serif", "Times New Roman", serif; }
.proof::after { content: ""; display: block; clear: both; }
.place { float: right; width: 2.25rem; height: auto; margin: .2rem 0 .2rem 1rem; }
.leaf { fill: var(--paper); stroke: #7b8a96; }
.mark { fill: var(--sea); }
.proof figcaption { color: var(--soft); font-size: .88rem; }
.missing { margin: 0 0 .5rem; padding-left: 1rem; border-left: 3px dashed #b4552f; color: var(--rust); font-size: .95rem; }
dl { margin: 0; display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; gap: .5rem 1.25rem; }
dt { color: var(--soft); grid-column: 1; }
dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; hyphens: none; }
dl + h2 { margin-top: 1.75rem; }
footer { color: var(--soft); font-size: .92rem; margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }
ul.documents > li { border-top: 1px solid var(--line); padding: 1.1rem 0; }
ul.documents h2 { font-size: 1.15rem; margin: .1rem 0 .35rem; }
ul.documents p { margin: 0; }
.filters { display: grid; gap: .25rem 1.5rem; margin: 0 0 1rem; }
.filters fieldset { border: 0; border-top: 1px solid var(--line); margin: 0; padding: .6rem 0 .3rem; display: flex; flex-wrap: wrap; gap: .2rem .9rem; }
.filters legend { float: left; width: 6.5rem; padding: .25rem 0 0; font-weight: 600; color: var(--sea); }
.filters label { padding: .25rem .1rem; }
.filters input { accent-color: var(--sea); width: 1.1rem; height: 1.1rem; vertical-align: -.15rem; }
.filters label:has(:checked) { font-weight: 600; }
.filters label:has(:focus-visible) { outline: 3px solid var(--sea); outline-offset: 2px; border-radius: 2px; }
.count { color: var(--soft); font-weight: 400; }
main:has(.filters) { counter-reset: shown; }
ul.documents > li { counter-increment: shown; }
.shown::after { content: counter(shown); font-weight: 600; }
.state { font-weight: 600; color: var(--rust); }
@media (max-width: 46rem) {
  body { font-size: 1rem; }
  .sheet { margin: 0; padding: 1.75rem 1.1rem 1.5rem; border-width: 6px 0 0; }
  dl { display: block; }
  dd { margin-bottom: .7rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  @page { margin: 18mm 16mm; }
  html { font-size: 10pt; }
  body { background: none; font-size: 1rem; }
  h1 { font-size: 1.8rem; }
  .sheet { max-width: none; margin: 0; padding: 0; border: 0; }
  .skip, .filters { display: none; }
  .notice { background: none; }
  .place { print-color-adjust: exact; }
  h2, h3, .value { break-after: avoid; }
  ul.items > li, .proof, .notice { break-inside: avoid; }
}
`;

/**
 * Nothing may be loaded and nothing may run, whatever a document says: only this very sheet, named by its hash.
 *
 * @param style  as it stands in the page
 */
export function contentPolicy(style: string): string {
  const hash = createHash("sha256").update(style, "utf8").digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}
