import type { DocumentResult, UnreadFile } from "./analysis.ts";
import { printable } from "./clean-text.ts";
import { type Html, html } from "./html.ts";
import { filterStyle, filtersHtml, shownHtml, traitAttributes, traitsOf } from "./index-filters.ts";
import { originalHref } from "./original.ts";
import { type Item, kindOf, type Proof, reportContent, type Section, titleOf } from "./report-content.ts";
import { indexNotices, type Notice } from "./report-notices.ts";
import { placeSketch, placeWords } from "./report-place.ts";
import type { Fact } from "./report-production.ts";
import { contentPolicy, REPORT_STYLE } from "./report-style.ts";
import { frenchReason } from "./report-unread.ts";
import { frenchDate, plural } from "./report-words.ts";

/** Address of a page of the original, where readers can reach it. */
type PageHref = (page: number) => string | undefined;

/**
 * The report of one document as one self-contained page: no script, no request, the same bytes for the same result.
 *
 * @param originals  see `originalHref`
 */
export function reportHtml(result: DocumentResult, originals?: string): string {
  const content = reportContent(result);
  const hrefOf: PageHref = (at) => originalHref(result, originals, at);
  const original = originalHref(result, originals);
  return page(
    content.title,
    html`<header>
<p class="kind">${content.kind}</p>
<h1>${content.title}</h1>
</header>
<main id="contenu">
${content.notices.map(noticeHtml)}
${content.identity.length === 0 ? undefined : html`<section aria-labelledby="acte"><h2 id="acte">L’acte</h2>${itemsHtml(content.identity, "rows", hrefOf)}</section>`}
${content.sections.map((section) => sectionHtml(section, hrefOf))}
<section aria-labelledby="production"><h2 id="production">Comment ce texte a été produit</h2>
${factsHtml(content.production)}
<h2 id="fichier">Le document</h2>
${original === undefined ? undefined : html`<p><a href="${original}">Ouvrir le document d’origine</a></p>\n`}${factsHtml(content.file)}</section>
</main>`,
  );
}

/** Where a report lies, relative to the index. */
export interface IndexEntry {
  readonly result: DocumentResult;
  readonly href: string;
}

/** The list of all documents, in French order of their titles, and of the files that could not be read. */
export function indexHtml(entries: readonly IndexEntry[], unread: readonly UnreadFile[] = []): string {
  const order = new Intl.Collator("fr", { numeric: true });
  const sorted = entries.toSorted((a, b) => order.compare(titleOf(a.result), titleOf(b.result)) || (a.href < b.href ? -1 : 1));
  const scans = entries.filter(({ result }) => result.status === "no-text").length;
  const counts = `${plural(entries.length, "document")} : ${plural(entries.length - scans, "analysé")}, ${plural(scans, "sans texte à lire", "sans texte à lire")}.${unread.length === 0 ? "" : ` ${plural(unread.length, "fichier non lu", "fichiers non lus")}, plus bas.`}`;
  const traits = entries.map(({ result }) => traitsOf(result));
  const notices = indexNotices(entries.map(({ result }) => result));
  return page(
    "Documents de la commune",
    html`<header>
<p class="kind">Analyses de documents</p>
<h1>Documents de la commune</h1>
</header>
<main id="contenu">
${notices.map(noticeHtml)}
<p class="note">${counts}</p>
${entries.length === 0 ? undefined : filtersHtml(traits)}<ul class="documents">
${sorted.map(entryHtml)}
</ul>
${entries.length === 0 ? undefined : shownHtml(entries.length)}${unread.length === 0 ? undefined : unreadHtml(unread)}</main>`,
    `${REPORT_STYLE}${filterStyle(traits)}\n`,
  );
}

/** A reason that is not known in French is left as it is: whoever looks after the folder can make something of it. */
const unreadHtml = (unread: readonly UnreadFile[]): Html => html`<section aria-labelledby="non-lus"><h2 id="non-lus">Fichiers non lus</h2>
<p class="note">Ils n’ont pas pu être ouverts ou lus : rien n’en a été résumé, et ils n’ont pas de rapport.</p>
<ul class="items">
${unread.map(
  ({ files, reason }) => html`<li><p class="value">${files.map(printable).join(", ")}</p>
${reasonHtml(reason)}</li>
`,
)}</ul></section>
`;

function reasonHtml(reason: string): Html {
  const french = frenchReason(reason);
  return french === undefined ? html`<p class="note" lang="en">${printable(reason)}</p>` : html`<p class="note">${printable(french)}</p>`;
}

function entryHtml({ result, href }: IndexEntry): Html {
  const { act, document, status, quotes } = result;
  const date = act.date?.evidence.kind === "found" ? frenchDate(printable(act.date.value)) : undefined;
  const number = act.number?.evidence.kind === "found" ? printable(act.number.value) : undefined;
  const facts = [number, date, plural(document.pages, "page")].filter((fact) => fact !== undefined).join(" · ");
  const state =
    status === "no-text"
      ? html`<p class="state">Pas de texte à lire : rien n’a été résumé</p>`
      : html`<p class="note">${quotes.found} sur ${plural(quotes.checked, "citation retrouvée", "citations retrouvées")}${result.production.practice ? " · modèle d’entraînement" : ""}</p>`;
  return html`<li${traitAttributes(traitsOf(result))}><p class="kind">${kindOf(result)}</p>
<h2><a href="${href}">${titleOf(result)}</a></h2>
<p>${facts}</p>${state}<p class="note">${printable(document.files[0] ?? "")}</p></li>
`;
}

const page = (title: string, body: Html, style = REPORT_STYLE): string =>
  html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${{ markup: style }}</style>
</head>
<body>
<a class="skip" href="#contenu">Aller au contenu</a>
<div class="sheet">
${body}
<footer><p>Page produite par Écluse. Elle se lit sans connexion et ne charge rien.</p></footer>
</div>
</body>
</html>
`.markup;

const noticeHtml = ({ tone, title, text }: Notice): Html =>
  html`<div class="notice notice-${tone}" role="note"><p><strong>${title}</strong> ${text}</p></div>
`;

const sectionHtml = ({ id, title, note, paragraphs, groups, layout }: Section, hrefOf: PageHref): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${note === undefined ? undefined : html`<p class="note">${note}</p>`}
${paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}${groups.map(
  (group) => html`${group.title === undefined ? undefined : html`<h3>${group.title}</h3>`}
${group.note === undefined ? undefined : html`<p class="note">${group.note}</p>`}
${itemsHtml(group.items, layout, hrefOf)}`,
)}</section>
`;

const itemsHtml = (items: readonly Item[], layout: Section["layout"], hrefOf: PageHref): Html => html`<ul class="items ${layout}">
${items.map(
  (
    item,
  ) => html`<li><div><p class="value">${item.label === undefined ? undefined : html`<span class="label">${item.label}</span> `}${item.text}</p>
${item.keywords.length === 0 ? undefined : html`<p class="keywords">${item.keywords.join(", ")}</p>`}
${item.caution === undefined ? undefined : html`<p class="caution">${item.caution}</p>`}</div>
<div>${item.proofs.map((proof) => proofHtml(proof, hrefOf))}</div></li>
`,
)}</ul>
`;

function proofHtml(proof: Proof, hrefOf: PageHref): Html {
  if (proof.kind === "missing") return html`<p class="missing">${proof.text}</p>`;
  const { text, page, note, box } = proof;
  const [href, where] = [hrefOf(page), `page ${page}`];
  return html`<figure class="proof">${box === undefined ? undefined : placeSketch(box)}<blockquote><p>«\u00A0${text}\u00A0»</p></blockquote>
<figcaption>${href === undefined ? where : html`<a href="${href}">${where}</a>`}${box === undefined ? "" : `, ${placeWords(box)}`}${note === undefined ? "" : ` · ${note}`}</figcaption></figure>
`;
}

const factsHtml = (facts: readonly Fact[]): Html => html`<dl>
${facts.map(({ label, values }) => html`<dt>${label}</dt>${values.map((value) => html`<dd>${value}</dd>`)}\n`)}</dl>
`;
