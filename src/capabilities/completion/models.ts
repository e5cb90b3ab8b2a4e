import { EUR_PER_USD } from "../euro.ts";

/**
 * What the clouds' models cost: declared, not measured, and read on the date below from public copies of the vendors' price
 * pages and of tables that cite them. A price that is missing is unknown, and said to be; a wrong one would be believed.
 */
export const PRICES_READ_ON = "2026-11-24";

interface Price {
  /** US dollars per million tokens, standard tier, without cache or batch discounts. */
  readonly usdIn: number;
  readonly usdOut: number;
  /** Longest prompt, in tokens, to which this price applies; longer ones cost more, and are left unpriced. */
  readonly upToTokensIn?: number;
}

const PRICES: Readonly<Record<string, Price>> = {
  // OpenAI. gpt-5, gpt-5-mini and gpt-5-nano are switched off on 2026-12-11; gpt-4o and gpt-4.1 on 2027-01-14.
  "gpt-6.1-sol": { usdIn: 2, usdOut: 10, upToTokensIn: 272_000 },
  "gpt-6.1-terra": { usdIn: 1, usdOut: 5, upToTokensIn: 272_000 },
  "gpt-6-luna": { usdIn: 0.1, usdOut: 0.5, upToTokensIn: 272_000 },
  "gpt-5.6-sol": { usdIn: 5, usdOut: 30, upToTokensIn: 272_000 },
  "gpt-5.6-terra": { usdIn: 2, usdOut: 12, upToTokensIn: 272_000 },
  "gpt-5.6-luna": { usdIn: 0.2, usdOut: 1.2, upToTokensIn: 272_000 },
  "gpt-5.4": { usdIn: 2.5, usdOut: 15, upToTokensIn: 272_000 },
  "gpt-5.4-nano": { usdIn: 0.2, usdOut: 1.25 },
  "gpt-5.1": { usdIn: 1.25, usdOut: 10 },
  "gpt-5": { usdIn: 1.25, usdOut: 10 },
  "gpt-5-mini": { usdIn: 0.25, usdOut: 2 },
  "gpt-5-nano": { usdIn: 0.05, usdOut: 0.4 },
  "gpt-4.1": { usdIn: 2, usdOut: 8 },
  "gpt-4o": { usdIn: 2.5, usdOut: 10 },
  "gpt-4o-mini": { usdIn: 0.15, usdOut: 0.6 },
  // Anthropic. claude-haiku-4-5 is legacy; claude-sonnet-4-5 retires on 2026-11-30.
  "claude-opus-5-5": { usdIn: 4, usdOut: 20 },
  "claude-sonnet-5-5": { usdIn: 2, usdOut: 10 },
  "claude-sonnet-5": { usdIn: 2, usdOut: 10 },
  "claude-sonnet-4-6": { usdIn: 3, usdOut: 15 },
  "claude-sonnet-4-5": { usdIn: 3, usdOut: 15 },
  "claude-haiku-5-5": { usdIn: 0.1, usdOut: 0.5, upToTokensIn: 100_000 },
  "claude-haiku-4-5": { usdIn: 1, usdOut: 5 },
  // Mistral. "-latest" means Medium 3.5 and Small 4; where mistral-large-latest points now was not certain, so it has no price.
  "mistral-large-2512": { usdIn: 0.5, usdOut: 1.5 },
  "mistral-medium-latest": { usdIn: 1.5, usdOut: 7.5 },
  "mistral-medium-3-5": { usdIn: 1.5, usdOut: 7.5 },
  "mistral-small-latest": { usdIn: 0.15, usdOut: 0.6 },
  "mistral-small-2603": { usdIn: 0.15, usdOut: 0.6 },
  // Google. gemini-2.5-pro and gemini-2.5-flash are switched off on 2026-12-01; 3.8 Flash doubles on 2027-01-01.
  "gemini-3.8-flash": { usdIn: 0.75, usdOut: 3.75 },
  "gemini-3.5-flash": { usdIn: 1.5, usdOut: 9 },
  "gemini-3.5-flash-lite": { usdIn: 0.3, usdOut: 2.5 },
  "gemini-2.5-pro": { usdIn: 1.25, usdOut: 10, upToTokensIn: 200_000 },
  "gemini-2.5-flash": { usdIn: 0.3, usdOut: 2.5 },
  "gemini-2.5-flash-lite": { usdIn: 0.1, usdOut: 0.4 },
};

/**
 * What one answer cost in euros, by the dated table above.
 *
 * @param model  as the vendor names it in its answer: a date or build number behind a known name is the same price
 * @returns undefined, never zero, when the model, its price or a token count is unknown
 */
export function costEur(model: string, tokensIn: number | undefined, tokensOut: number | undefined): number | undefined {
  const price = priceOf(model);
  if (price === undefined || tokensIn === undefined || tokensOut === undefined) return undefined;
  if (price.upToTokensIn !== undefined && tokensIn > price.upToTokensIn) return undefined;
  return ((tokensIn * price.usdIn + tokensOut * price.usdOut) / 1_000_000) * EUR_PER_USD;
}

/** A prefix alone will not do: gpt-5-pro is no gpt-5, and gpt-5.6-sol is none either. */
function priceOf(model: string): Price | undefined {
  return PRICES[model] ?? PRICES[model.replace(/-(\d{3,4}|\d{8}|\d{4}-\d{2}-\d{2})$/, "")];
}
