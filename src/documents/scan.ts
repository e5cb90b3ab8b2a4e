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
  picture(turn: Turn): Promise<Pick<OcrRequest, "png" | "width" | "height">>;
  /** Asks the chain of OCR engines. */
  read(request: OcrRequest): Promise<Outcome<OcrAnswer>>;
}

/** French first; Breton stands beside it. */
const LANGUAGES = ["fra", "bre"] as const;
/** Below this, Tesseract guesses: a page that lies on its side has 30 to 50, a stamp over an act 60 to 80, an act 85 to 95. */
const POOR_CONFIDENCE = 65;
/** Fewer letters say nothing of how the page lies. */
const FEW_LETTERS = 30;
/** The likeliest first: feeders turn a sheet by a quarter, people by half. */
const OTHER_TURNS: readonly Turn[] = [90, 270, 180];

/**
 * Reads one page of a scan; a poor result is tried in the three other turns, and the best of all is kept. Engines' own detection of
 * the turn is not to be relied on.
 *
 * @returns how the first question that was not answered ended; else the page, and by whom it was read
 * @throws  what `picture` throws
 */
export async function readScan(ports: ScanPorts): Promise<Outcome<ScannedPage>> {
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

async function readTurned({ picture, read }: ScanPorts, turn: Turn): Promise<Outcome<ScannedPage>> {
  const outcome = await read({ ...(await picture(turn)), languages: LANGUAGES });
  if (outcome.kind !== "answered") return outcome;
  const { text, confidence, words } = outcome.result;
  const by: AnsweredBy = outcome.by;
  return { kind: "answered", result: { text, confidence, turn, words }, by };
}

const lettersIn = (text: string): number => text.match(/\p{L}/gu)?.length ?? 0;

const isPoor = ({ text, confidence }: ScannedPage): boolean => confidence < POOR_CONFIDENCE || lettersIn(text) < FEW_LETTERS;

/** Letters that can be believed: a page on its side gives many words, and bad ones. */
const worth = ({ text, confidence }: ScannedPage): number => lettersIn(text) * (confidence / 100) ** 2;
