import { Fault } from "../../core/fault.ts";
import type { Prompt } from "./contract.ts";

/** What fits into the model's context, by what the model itself has counted so far. */
export interface Room {
  /** @throws Fault "prompt-too-long" for what cannot fit, whatever its words */
  check(prompt: Prompt): void;
  /** An answer told how many tokens its question had. */
  learn(prompt: Prompt, tokens: number): void;
}

/** No language of ours has words that are so long per token: French has 3 to 4 characters a token, English 4 to 5. */
const MOST_CHARS_PER_TOKEN = 6;
/** So many answers make a habit; and the next text may be so much denser than the densest of them. */
const ENOUGH_ANSWERS = 5;
const DENSER = 1.5;
/** Tables and figures have 2 characters a token: a folder of them says nothing about the first page of prose after it. */
const LEAST_CHARS_PER_TOKEN = 4.5;

/**
 * Refuses only what cannot fit: sending a text that is too long costs one refusal by Ollama (O13), refusing one that fits costs
 * the report.
 */
export function newRoom(numCtx: number): Room {
  let answers = 0;
  let densest = 0;
  const mostPerToken = () => (answers < ENOUGH_ANSWERS ? MOST_CHARS_PER_TOKEN : Math.max(densest * DENSER, LEAST_CHARS_PER_TOKEN));
  return {
    check(prompt) {
      // Nearly always true, and then nobody need count.
      if (prompt.system.length + prompt.user.length < numCtx) return;
      const chars = sizeOf(prompt);
      const tokens = Math.ceil(chars / mostPerToken());
      if (tokens < numCtx) return;
      const ratio = mostPerToken().toFixed(1);
      throw new Fault(
        "prompt-too-long",
        `a text of ${chars} characters is at least ${tokens} tokens (${ratio} characters each) and cannot fit into OLLAMA_NUM_CTX=${numCtx}: split it, or raise that setting`,
      );
    },
    learn(prompt, tokens) {
      if (tokens <= 0) return;
      answers += 1;
      densest = Math.max(densest, sizeOf(prompt) / tokens);
    },
  };
}

/** In UTF-16 units. A run of blanks, dashes or dots counts once: a tokenizer may take it for a single token. */
const sizeOf = ({ system, user }: Prompt): number => `${system}\n${user}`.replaceAll(/([^\p{L}\p{N}])\1+/gu, "$1").length;

/**
 * Whether the model saw only a part of the text, which Ollama tells by the count of tokens alone (O11). The two flags in the
 * request forbid it; versions that do not know them cut all the same. Refusing a text that just fitted costs a second, smaller
 * question; believing an answer to half a text costs a wrong report.
 */
export function wasPromptCut(
  counts: { readonly tokensIn: number; readonly tokensOut: number },
  context: number,
  { system, user }: Prompt,
): boolean {
  const { tokensIn, tokensOut } = counts;
  // Full to the brim: old versions cut to exactly the context. More than the context: its beginning was forgotten on the way.
  if (tokensIn >= context * 0.99 || tokensIn + tokensOut > context) return true;
  // Newer ones cut to half the context and two tokens. That exact count is believed only when so few tokens could hold the text:
  // French has 3 to 4 characters a token, and 5 would be rare.
  const isHalf = Math.abs(tokensIn - (context / 2 + 2)) <= 4;
  return isHalf && (system.length + user.length) / 5 > tokensIn;
}
