/**
 * What the text of a page is worth.
 * "stamp": only what was added over or around a page whose body is a picture. "garbled": letters, but the wrong ones, or a bad OCR.
 *
 * OCR is for every page that is not "text", unless the page's flags say that it is "empty": then there is nothing on it.
 */
export type Readable = "text" | "empty" | "stamp" | "garbled";

/** Fewer words than this, once the stamps are taken away, are a name under a signature or a page number. */
const MIN_WORDS = 3;
/** A running head or an imprint is shorter; above it a text that stands on every page is the text. */
const MAX_FURNITURE_CHARS = 500;
/** A caption typed over a scan ("Annexe à la délibération n° …") is shorter than the shortest act. */
const MAX_CAPTION_WORDS = 25;
/** Enough letters for shares to mean something. */
const MIN_LETTERS = 60;

/** " le 28/06/2024 à 14:05", or nothing: a stamp may leave its date blank. */
const DATE = /(?:\s?:?\s?(?:le )?\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?: a? ?\d{1,2}[:h]\d{2}(?::\d{2})?)?)?/.source;

/** What prefectures' and signing programs print over a page, in lower case, without accents, spaces collapsed. Several may share a line. */
const STAMPS: readonly RegExp[] = [
  new RegExp(`(?:envoye|recu|depose|transmis)(?: a la| en)? (?:sous-)?prefecture(?: le)?${DATE}`, "g"),
  new RegExp(`(?:publie|affiche|notifie|publication|affichage|notification)(?: le)?(?: ?:)?(?:${DATE} |$)`, "gm"),
  new RegExp(`(?:date de )?(?:tele)?transmission(?: en prefecture)?(?: ?:)?${DATE}`, "g"),
  new RegExp(`(?:date de )?reception (?:en |par le )?prefe(?:cture|t)(?: ?:)?${DATE}`, "g"),
  /accuse (?:de reception|certifie executoire)(?: en (?:sous-)?prefecture)?(?: - ministere de l.interieur)?/g,
  /certifie executoire/g,
  /\bid ?: ?\d{3}-[\w-]{5,60}/g,
  /\b\d{3}-\d{9}-\d{8}-[\w-]{1,40}/g,
  /\bs[2²]low?\b|\bberger[ -]levrault\b/g,
  /^(?:signe|signature)(?: electroniquement| electronique| numeriquement| numerique)? ?(?:par|de|:).*$/gm,
  /\bdocusign envelope id ?:.*$/gm,
  /^(?:date|qualite|fonction|raison|motif) ?:.*$/gm,
  /(?:- ?)?\bpage \d+(?: ?(?:\/|sur) ?\d+)?(?: ?-)?/g,
];

/** The imprint of a recueil des actes administratifs when it is all there is: service, number, title, page. */
const RAA_IMPRINT = /^.{0,200} - \d{2}-\d{4}-\d{2}-\d{2}-\d{5} - .{0,300}$/s;

const COMMON_WORDS = new Set(
  "le la les l de des du d un une et en au aux à est sont par pour sur dans que qu qui ce cette ces son sa ses il elle ne pas ou a se sera vu".split(
    " ",
  ),
);

/**
 * Judges each page of a document by what it shows, its neighbours included: what stands on all of them is furniture.
 *
 * The worse mistake is to take a stamp for the act: a summary of nothing. A page sent to OCR for nothing costs seconds.
 *
 * @param texts  text per page, in order
 * @returns      one judgement per page, in the same order
 */
export function judgePages(texts: readonly string[]): readonly Readable[] {
  const furniture = linesOnEveryPage(texts);
  const rests = texts.map((text) => withoutFurniture(text, furniture));
  const judged = texts.map((text, index) => judge(text, withoutStamps(rests[index] ?? "")));
  const captions = rests.every((rest) => wordsOf(rest).length <= MAX_CAPTION_WORDS);
  const silent = judged.filter((one) => one === "empty" || one === "stamp").length;
  // A few words on one page among silent ones were typed over a scan; among full ones they are a title page.
  const overScan = captions && silent > texts.length - silent;
  return overScan ? judged.map((one) => (one === "text" ? "stamp" : one)) : judged;
}

function judge(text: string, rest: string): Readable {
  if (!/\S/.test(text)) return "empty";
  // Without its stamps as well: their plain French would speak for the wrong glyphs around them.
  if (isGarbled(text) || isGarbled(rest)) return "garbled";
  return wordsOf(rest).length < MIN_WORDS ? "stamp" : "text";
}

/** Wrong glyphs show as control or private characters, as letters French does not have, or as a language without vowels. */
function isGarbled(text: string): boolean {
  const visible = count(text, /\S/g);
  if (count(text, /[^\P{C}\s]|\uFFFD/gu) > visible * 0.1) return true;
  const letters = count(text, /\p{L}/gu);
  if (letters < MIN_LETTERS) return false;
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  // Lists and plans have few of these words too, so it takes a second sign.
  if (words.filter((word) => COMMON_WORDS.has(word)).length > words.length * 0.1) return false;
  const foreign = letters - count(text, /[a-zàâäçéèêëîïôöùûüÿœæñ]/gi);
  return foreign > letters * 0.15 || count(text, /[aeiouyàâäéèêëîïôöùûüœæ]/gi) < letters * 0.28;
}

/** Lines that stand on every page that has any text, their figures left aside. Two such pages at least, or nothing repeats. */
function linesOnEveryPage(texts: readonly string[]): ReadonlySet<string> {
  const pages = texts.filter((text) => /\S/.test(text)).map((text) => new Set(text.split("\n").map(keyOf)));
  const [first, ...others] = pages;
  if (first === undefined || others.length === 0) return new Set();
  return new Set([...first].filter((line) => line !== "" && others.every((page) => page.has(line))));
}

function withoutFurniture(text: string, furniture: ReadonlySet<string>): string {
  const lines = text.split("\n");
  const repeated = lines.filter((line) => furniture.has(keyOf(line)));
  // The same long text on all pages is a form printed twice, or a whole sheet behind every page: the text itself.
  if (repeated.join("\n").length > MAX_FURNITURE_CHARS) return text;
  return lines.filter((line) => !furniture.has(keyOf(line))).join("\n");
}

function withoutStamps(text: string): string {
  const plain = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .trim()
    .replace(/[^\S\n]+/g, " ")
    .replace(/\n\s*/g, "\n");
  if (RAA_IMPRINT.test(plain)) return "";
  return STAMPS.reduce((rest, stamp) => rest.replace(stamp, "\n"), plain);
}

const keyOf = (line: string): string => line.replace(/\d+/g, "#").replace(/[^\p{L}#]/gu, "");
const wordsOf = (text: string): readonly string[] => text.match(/\p{L}{2,}/gu) ?? [];
const count = (text: string, kind: RegExp): number => text.match(kind)?.length ?? 0;
