import { createHash } from "node:crypto";

/**
 * A number in (0, 1) that depends on nothing but its words: the same seed and the same thing give the same number, in
 * whatever order they are asked for. So a call takes as long under one policy as under the other.
 */
export function uniform(...words: readonly (string | number)[]): number {
  const hash = createHash("sha256").update(JSON.stringify(words)).digest();
  return (hash.readUIntBE(0, 6) + 0.5) / 2 ** 48;
}

/** @param spread  standard deviation of the logarithm */
export function logNormal(median: number, spread: number, ...words: readonly (string | number)[]): number {
  const normal = Math.sqrt(-2 * Math.log(uniform(...words, "radius"))) * Math.cos(2 * Math.PI * uniform(...words, "angle"));
  return median * Math.exp(spread * normal);
}

/** How many come in a stretch of time in which `mean` come on average. */
export function poisson(mean: number, ...words: readonly (string | number)[]): number {
  const limit = Math.exp(-mean);
  let product = 1;
  for (let count = 0; ; count += 1) {
    product *= uniform(...words, count);
    if (product <= limit) return count;
  }
}
