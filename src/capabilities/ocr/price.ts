import { EUR_PER_USD } from "../euro.ts";

/** Declared, not measured: read on this date from public copies of Google's price page. */
export const VISION_PRICE_READ_ON = "2026-11-25";

/**
 * US dollars per page for document text, up to 5 million a month. The first 1,000 of a month are free, which nobody here counts:
 * a page is said to cost at least what it costs.
 */
const USD_PER_PAGE = 1.5 / 1_000;

export const visionPageEur = (): number => USD_PER_PAGE * EUR_PER_USD;
