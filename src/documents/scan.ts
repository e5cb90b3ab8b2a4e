import type { OcrAnswer, OcrRequest, OcrWord, Turn } from "../capabilities/ocr/contract.ts";
import type { AnsweredBy, Outcome } from "../core/attempt.ts";

/** One page of a scan as it was read; what is kept of it, so that a quote can be shown where it stands. */
export interface ScannedPage {
  readonly text: string;
  /** 0 to 100; 0 when there is no word on it. */
  readonly confidence: number;
  /** How the page had to be turned. */
  readonly turn: Turn;
  /** Boxes are shares of the turned page. */
  readonly words: readonly OcrWord[];
}

export interface ScanPorts {
  /** The page as a picture, turned clockwise. @throws Fault "unreadable-document" when it cannot be drawn */
  picture(turn: Turn): Promise<Omit<OcrRequest, "languages">>;
  /** Asks the chain of OCR engines. */
  read(request: OcrRequest): Promise<Outcome<OcrAnswer>>;
}

/** Both together take 1.7 times as long and read no French word better (docs/decisions/2026-11-25-ocr-engine.md). */
const FRENCH = ["fra"] as const;
const FRENCH_AND_BRETON = ["fra", "bre"] as const;
/** Frequent in Breton and no words of French: three of them on a page, and it has Breton on it. */
const BRETON = /(?<!\p{L})(?:ar|ur|ul|ha|hag|gant|evit|zo|war|brezhoneg)(?!\p{L})/giu;
const MANY_BRETON_WORDS = 3;
/** Below this the turn is doubted. A choice, far under the 89 to 94 of the five acts that were looked at. */
const POOR_CONFIDENCE = 65;
/** Fewer letters say nothing of how the page lies. */
const FEW_LETTERS = 30;
const OTHER_TURNS: readonly Turn[] = [90, 270, 180];

/**
 * Reads one page of a scan; a poor result is tried in the three other turns, and the best of all is kept. Engines' own detection of
 * the turn is not to be relied on. A page with Breton on it is read once more with both languages.
 *
 * @returns how the first question that was not answered ended; else the page, and by whom it was read
 * @throws  what `picture` throws
 */
export async function readScan(ports: ScanPorts): Promise<Outcome<ScannedPage>> {
  const best = await bestTurn(ports);
  if (best.kind !== "answered" || (best.result.text.match(BRETON)?.length ?? 0) < MANY_BRETON_WORDS) return best;
  const both = await readTurned(ports, best.result.turn, FRENCH_AND_BRETON);
  return both.kind === "answered" && worth(both.result) < worth(best.result) ? best : both;
}

/**
 * Reads a page that has a text of its own once, as it lies: its text says how, and a photograph on it is not to be turned and turned.
 *
 * @throws what `picture` throws
 */
export const readAsItLies = (ports: ScanPorts): Promise<Outcome<ScannedPage>> => readTurned(ports, 0);

async function bestTurn(ports: ScanPorts): Promise<Outcome<ScannedPage>> {
  const first = await readTurned(ports, 0);
  if (first.kind !== "answered" || !isPoor(first.result)) return first;
  let best = first;
  for (const turn of OTHER_TURNS) {
    const other = await readTurned(ports, turn);
    if (other.kind !== "answered") return other;
    if (worth(other.result) > worth(best.result)) best = other;
    if (!isPoor(best.result)) return best;
  }
  return best;
}

async function readTurned({ picture, read }: ScanPorts, turn: Turn, languages: readonly string[] = FRENCH): Promise<Outcome<ScannedPage>> {
  const outcome = await read({ ...(await picture(turn)), languages });
  if (outcome.kind !== "answered") return outcome;
  const { text, confidence, words } = outcome.result;
  const by: AnsweredBy = outcome.by;
  return { kind: "answered", result: { text, confidence, turn, words }, by };
}

const lettersIn = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;

const isPoor = ({ text, confidence }: ScannedPage): boolean => confidence < POOR_CONFIDENCE || lettersIn(text) < FEW_LETTERS;

/** Letters that can be believed: a page on its side gives many words, and bad ones. */
const worth = ({ text, confidence }: ScannedPage): number => lettersIn(text) * (confidence / 100) ** 2;
