import type { Span } from "./record.ts";

/** The same time once, in order, however often it was named. */
export function union(spans: readonly Span[]): readonly Span[] {
  const joined: [number, number][] = [];
  for (const [from, to] of spans.filter(([start, end]) => end > start).sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** What is left of the first when the second is taken away. */
export function without(spans: readonly Span[], holes: readonly Span[]): readonly Span[] {
  const cuts = union(holes);
  const left: Span[] = [];
  let next = 0;
  for (const [from, to] of union(spans)) {
    let start = from;
    while ((cuts[next]?.[1] ?? Number.POSITIVE_INFINITY) <= start) next += 1;
    for (let index = next; index < cuts.length; index += 1) {
      const [cutFrom, cutTo] = cuts[index] as Span;
      if (cutFrom >= to) break;
      if (cutFrom > start) left.push([start, cutFrom]);
      start = Math.max(start, cutTo);
    }
    if (start < to) left.push([start, to]);
  }
  return left;
}

export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, [from, to]) => sum + to - from, 0);

export function mostAtOnce(spans: readonly Span[]): number {
  // An end before a beginning at the same instant: one after the other is not two at once.
  const steps = spans
    .flatMap(([from, to]) => [
      { at: from, by: 1 },
      { at: to, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let [open, most] = [0, 0];
  for (const { by } of steps) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}
