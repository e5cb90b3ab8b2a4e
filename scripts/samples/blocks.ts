/** What a sample document is made of, in reading order; drawn by `draw.ts`. */
export type Block =
  | { readonly kind: "masthead" | "title" | "heading" | "bullet" | "signature" | "line"; readonly text: string }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "gap" }
  | { readonly kind: "column" }
  | { readonly kind: "page" };

export interface Source {
  readonly title: string;
  /** Stands in the PDF as creation and modification date, so that two runs give the same bytes. */
  readonly datedAt: Date;
  readonly footer: string;
  readonly font: "Helvetica" | "Times";
  readonly columns: number;
  readonly blocks: readonly Block[];
}

const MARKS = { "^": "masthead", "#": "title", "##": "heading", "-": "bullet", ">": "signature" } as const;

/**
 * Reads one file of samples/sources: `key: value` lines, an empty line, then one block a line.
 *
 * @param text  a line starts with ^ masthead, # title, ## heading, - bullet, > signature, | table row, or is plain; ++ ends a column, === a page
 * @throws Error when the title or the date is missing: without a fixed date no two runs are the same
 */
export function readSource(text: string): Source {
  const [head = "", ...rest] = text.split("\n\n");
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1];
  const title = field("title");
  const date = field("date");
  if (title === undefined || date === undefined) throw new Error("a source needs a line 'title: …' and a line 'date: YYYY-MM-DD'");
  return {
    title,
    datedAt: new Date(`${date}T09:00:00Z`),
    footer: field("footer") ?? title,
    font: field("font") === "Times" ? "Times" : "Helvetica",
    columns: Number(field("columns") ?? 1),
    blocks: blocksOf(rest.join("\n\n").trimEnd()),
  };
}

function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  let rows: string[][] | undefined;
  for (const line of body.split("\n")) {
    if (!line.startsWith("|")) {
      rows = undefined;
      blocks.push(blockOf(line));
      continue;
    }
    if (rows === undefined) {
      rows = [];
      blocks.push({ kind: "table", rows });
    }
    rows.push(line.slice(1).split("|").map(unbroken));
  }
  return blocks;
}

function blockOf(line: string): Block {
  if (line === "") return { kind: "gap" };
  if (line === "===") return { kind: "page" };
  if (line === "++") return { kind: "column" };
  const mark = /^(\^|#{1,2}|-|>) (.*)$/.exec(line);
  if (mark === null) return { kind: "line", text: unbroken(line) };
  return { kind: MARKS[mark[1] as keyof typeof MARKS], text: unbroken(mark[2] ?? "") };
}

/** French keeps "12 500 €", "18 h 30", "n° 7" and "« mot »" on one line; a word processor does it with no-break spaces, so do we. */
const unbroken = (text: string): string =>
  text
    .trim()
    .replace(/(?<=\d) (?=\d{3}\b)/g, "\u00a0")
    .replace(/(?<=\d) h (?=\d\d\b)/g, "\u00a0h\u00a0")
    .replace(/ (?=[€%:;?!»])/g, "\u00a0")
    .replace(/(?<=«|\bn°|\bN°) /g, "\u00a0");
