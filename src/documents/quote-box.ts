import type { OcrWord, Turn } from "../capabilities/ocr/contract.ts";
import type { Box, Claim, Evidence, StatedFact } from "./analysis.ts";
import type { MergedAnalysis } from "./merge.ts";
import type { ReadPage } from "./read-pages.ts";
import { turned, turnedBoth, uprightTurn } from "./upright.ts";

/**
 * The analysis with the place of each quote on its page, where the page was read by OCR and the place is certain: the quote's letters
 * stand there once, among the words as they were read. A mask is not among them, and a phrase that stands twice could be either.
 */
export function withBoxes(merged: MergedAnalysis, pages: readonly ReadPage[]): MergedAnalysis {
  const scans = new Map(pages.flatMap((page) => scansOf(page).map((scan) => [page.number, scan] as const)));
  if (scans.size === 0) return merged;
  const placed = <Quote extends StatedFact | Extract<Evidence, { kind: "found" }>>(quote: Quote): Quote => {
    const scan = scans.get(quote.page);
    const box = scan === undefined ? undefined : boxOf(quote.text, scan);
    return box === undefined ? quote : { ...quote, box };
  };
  const proved = (evidence: Evidence): Evidence => (evidence.kind === "found" ? placed(evidence) : evidence);
  const claim = (one: Claim): Claim => ({ ...one, evidence: proved(one.evidence) });
  const { act, themes, claims, stated } = merged;
  return {
    ...merged,
    act: {
      ...act,
      number: act.number && claim(act.number),
      date: act.date && claim(act.date),
      title: act.title && claim(act.title),
    },
    themes: themes.map((theme) => ({ ...theme, evidence: theme.evidence.map(proved) })),
    claims: claims.map(claim),
    ...(stated === undefined ? {} : { stated: placedAll(stated, placed) }),
  };
}

type Stated = NonNullable<MergedAnalysis["stated"]>;

const placedAll = ({ author, places, legalReferences, amounts, deadlines }: Stated, placed: (fact: StatedFact) => StatedFact): Stated => ({
  author: author && placed(author),
  places: places.map(placed),
  legalReferences: legalReferences.map(placed),
  amounts: amounts.map(placed),
  deadlines: deadlines.map(placed),
});

/** A page's words one after the other without blanks, and the place of the word that each unit is of, on the page upright. */
interface Scan {
  readonly packed: string;
  readonly placeAt: readonly OcrWord["box"][];
  readonly turn: Turn;
}

function scansOf({ scan }: ReadPage): readonly Scan[] {
  const more = scan === undefined ? undefined : uprightTurn(scan.words);
  if (scan === undefined || more === undefined) return [];
  const parts = scan.words.map(({ text, box }) => ({ letters: pack(text), place: turned(box, more) }));
  return [
    {
      packed: parts.map(({ letters }) => letters).join(""),
      placeAt: parts.flatMap(({ letters, place }) => Array.from({ length: letters.length }, () => place)),
      turn: turnedBoth(scan.turn, more),
    },
  ];
}

/** A quote's line ends are spaces, and a word that a line end cut in two is whole again. */
const pack = (text: string): string => text.normalize("NFC").replace(/[\s\u00AD\u2010-]+/g, "");

function boxOf(quote: string, { packed, placeAt, turn }: Scan): Box | undefined {
  const wanted = pack(quote);
  const at = wanted === "" ? -1 : packed.indexOf(wanted);
  if (at < 0 || packed.includes(wanted, at + 1)) return undefined;
  const places = placeAt.slice(at, at + wanted.length);
  const [left, top] = [Math.min(...places.map(([x]) => x)), Math.min(...places.map(([, y]) => y))];
  const right = Math.max(...places.map(([x, , width]) => x + width));
  const bottom = Math.max(...places.map(([, y, , height]) => y + height));
  return { left: share(left), top: share(top), width: share(right - left), height: share(bottom - top), turn };
}

/** A hundredth of a per cent is less than a letter. */
const share = (value: number): number => Math.max(0, Math.min(1, Math.round(value * 10_000) / 10_000));
