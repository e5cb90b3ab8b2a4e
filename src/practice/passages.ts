import { pagesOf, sentencesOf } from "./sentences.ts";
import { type Word, wordsOf } from "./words.ts";

/** One sentence, heading, list item or row of a chunk, verbatim. */
export interface Passage {
  readonly page: number;
  readonly text: string;
  readonly words: readonly Word[];
  /** Folded words with a space round each, so that `says` finds whole words. */
  readonly folded: string;
  /** Among the first lines of the document itself: where an act names itself. */
  readonly isHead: boolean;
  /** "Vu …", "Considérant …": what an act cites, not what it says. */
  readonly isRecital: boolean;
}

/** An act's own number, kind and object stand among its first lines; after that it cites other acts. */
const HEAD_PASSAGES = 16;
const HEAD_CHARS = 300;

export function passagesOf(document: string): Passage[] {
  return pagesOf(document).flatMap(({ number, text }) =>
    sentencesOf(text).map((sentence, index) => {
      const words = wordsOf(sentence);
      const opening = words[0]?.stem;
      return {
        page: number,
        text: sentence,
        words,
        folded: ` ${words.map(({ stem }) => stem).join(" ")} `,
        isHead: number === 1 && index < HEAD_PASSAGES && sentence.length <= HEAD_CHARS,
        isRecital: opening === "vu" || opening === "considerant",
      };
    }),
  );
}

/** Whether the passage holds these folded words in a row, as whole words. */
export const says = (passage: Passage, phrase: string): boolean => passage.folded.includes(` ${phrase} `);
