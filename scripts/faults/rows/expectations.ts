import type { FaultKind } from "../../../src/core/fault.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Question } from "../http.ts";

/** The catalogue's words as what must be seen. */

/** FAIL-FAST: no second try, the next allowed one serves, and this one is left alone until a person has acted. */
export const failFast = (kind: FaultKind): string => `X ${kind}, Y answered | X skipped cooling-down, Y answered`;

/** RETRY x1, then FAILOVER. */
export const retryThenFailover = (kind: FaultKind): string => `X ${kind}, X ${kind}, Y answered`;

/** The same question once more was enough. */
export const retried = (kind: FaultKind): string => `X ${kind}, X answered`;

/** The second question may be answered with twice the tokens (O10). */
export function isTwiceAsLong(questions: readonly Question[], dialect: Dialect): string | undefined {
  const [first, second] = questions.map(({ body }) => dialect.limitOf(body) ?? 0);
  return second === 2 * (first ?? 0) ? undefined : `${second} tokens allowed after ${first}`;
}

/** Nothing of the text was sent. */
export const isUnasked = (questions: readonly Question[]): string | undefined =>
  questions.length === 0 ? undefined : `${questions.length} questions were sent`;
