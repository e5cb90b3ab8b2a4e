import type { DocumentResult } from "./analysis.ts";
import { printable } from "./clean-text.ts";
import { originalHref } from "./original.ts";
import { type Item, type Proof, type ReportContent, reportContent, type Section } from "./report-content.ts";
import { placeWords } from "./report-place.ts";

/** Address of a page of the original, where readers can reach it. */
type PageHref = (page: number) => string | undefined;

/**
 * The report of one document as Markdown with YAML front matter, for Jekyll or Docusaurus; the same bytes for the same result.
 *
 * @param originals  see `originalHref`
 */
export function reportMarkdown(result: DocumentResult, originals?: string): string {
  const content = reportContent(result);
  const hrefOf: PageHref = (page) => originalHref(result, originals, page);
  const blocks = [
    frontMatter(result, content),
    `# ${markdownText(content.title)}`,
    `*${markdownText(content.kind)}*`,
    ...content.notices.map((notice) => `> **${markdownText(notice.title)}**\n>\n> ${markdownText(notice.text)}`),
    ...(content.identity.length === 0 ? [] : ["## L’acte", ...content.identity.map((item) => itemMarkdown(item, hrefOf))]),
    ...content.sections.flatMap((section) => sectionMarkdown(section, hrefOf)),
    "## Comment ce texte a été produit",
    factsMarkdown(content.production),
    "## Le document",
    factsMarkdown(content.file),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/**
 * A text as Markdown that shows it, letter by letter: no link, no markup, no tag, no Liquid, no MDX.
 *
 * Backslashes where all dialects know them, entities where kramdown does not ("<", "{", "@") or where Liquid and MDX read the
 * file before Markdown does.
 */
export function markdownText(text: string): string {
  return (
    printable(text)
      .replace(/\s+/g, (space) => (space.includes(" ") || space.includes("\t") ? " " : space))
      .trim()
      .replace(/[\\`*_[\]|]/g, "\\$&")
      .replace(/[&<>{}@~$^]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replace(/:(?=\/\/)/g, "&#58;")
      .replace(/\bwww\./gi, (word) => `${word.slice(0, -1)}&#46;`)
      // What means something only at the beginning of a line; the last two are JavaScript to MDX.
      .replace(/^[-+=:#!]/, (character) => `&#${character.charCodeAt(0)};`)
      .replace(/^(\d+)([.)])/, (_, number: string, mark: string) => `${number}&#${mark.charCodeAt(0)};`)
      .replace(/^[ie](?=mport\b|xport\b)/, (letter) => `&#${letter.charCodeAt(0)};`)
  );
}

/** JSON strings are YAML strings: no name of a file can add a key. */
function frontMatter({ document, production, status, act, quotes }: DocumentResult, content: ReportContent): string {
  const yaml = (value: unknown): string => JSON.stringify(value);
  const lines = {
    // A theme may print it without escaping: it is no markup there either.
    title: printable(content.title).replaceAll("<", "‹").replaceAll(">", "›"),
    description: `${content.kind}. ${content.notices.map(({ title }) => title).join(". ")}.`,
    lang: "fr",
    date: production.at,
    statut: status,
    nature: act.kind,
    genere_par_ia: status === "analysed",
    relu: false,
    modele_entrainement: production.practice,
    citations_verifiees: quotes.checked,
    citations_retrouvees: quotes.found,
    fichiers: document.files.map(printable),
    sha256: document.sha256,
  };
  return `---\n${Object.entries(lines)
    .map(([key, value]) => `${key}: ${yaml(value)}`)
    .join("\n")}\n---`;
}

function sectionMarkdown({ title, note, paragraphs, groups }: Section, hrefOf: PageHref): readonly string[] {
  return [
    `## ${markdownText(title)}`,
    ...(note === undefined ? [] : [`*${markdownText(note)}*`]),
    ...paragraphs.map(markdownText),
    ...groups.flatMap((group) => [
      ...(group.title === undefined ? [] : [`### ${markdownText(group.title)}`]),
      ...(group.note === undefined ? [] : [`*${markdownText(group.note)}*`]),
      ...group.items.map((item) => itemMarkdown(item, hrefOf)),
    ]),
  ];
}

function itemMarkdown(item: Item, hrefOf: PageHref): string {
  const label = item.label === undefined ? "" : `${markdownText(item.label)} : `;
  const lines = [
    ...(item.keywords.length === 0 ? [] : [item.keywords.map(markdownText).join(", ")]),
    ...(item.caution === undefined ? [] : [`**${markdownText(item.caution)}**`]),
    ...item.proofs.map((proof) => proofMarkdown(proof, hrefOf)),
  ];
  return [`- ${label}**${markdownText(item.text)}**`, ...lines.map((line) => `  - ${line}`)].join("\n");
}

function proofMarkdown(proof: Proof, hrefOf: PageHref): string {
  if (proof.kind === "missing") return `*${markdownText(proof.text)}*`;
  const href = hrefOf(proof.page);
  // In pointed brackets: a name may hold brackets of its own, which encodeURIComponent leaves as they are.
  const where = href === undefined ? `page ${proof.page}` : `[page ${proof.page}](<${href}>)`;
  const place = proof.box === undefined ? "" : `, ${placeWords(proof.box)}`;
  return `«\u00A0${markdownText(proof.text)}\u00A0» (${where}${place}${proof.note === undefined ? "" : ` ; ${markdownText(proof.note)}`})`;
}

const factsMarkdown = (facts: ReportContent["file"]): string =>
  facts.map(({ label, values }) => `- ${markdownText(label)} : ${values.map(markdownText).join(" ; ")}`).join("\n");
