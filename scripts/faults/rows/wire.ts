import { type Dialect, firstPieces, whole } from "../dialects/dialect.ts";
import type { Reply } from "../http.ts";
import { GOOD } from "../question.ts";
import { ALL, type Row } from "../row.ts";

export const good = (dialect: Dialect): Reply => whole(dialect, GOOD);
const half = (dialect: Dialect): Reply => ({ headers: dialect.headers, body: firstPieces(dialect, GOOD) });
const page = (status: number): Reply => ({
  status,
  headers: { "content-type": "text/html" },
  body: `<html><h1>${status}</h1><hr>nginx</html>`,
});
const bytesOf = (pieces: readonly string[]): number => Buffer.byteLength(pieces.join(""));

/** Short enough to be over soon; a slow machine does not turn it into another fault, since nothing else is timed here. */
const SHORT_S = 0.5;
const LONGER_MS = 1_500;

/** Google's legacy SDK has one word for whatever happens before the headers: see docs/decisions/2026-11-24-gemini-legacy-sdk.md. */
const TELLING = ALL.filter((name) => name !== "gemini");

/** What can happen to anybody between here and there. RETRY x1, then FAILOVER, unless said otherwise. */
export const WIRE_ROWS: readonly Row[] = [
  {
    id: "T01",
    what: "nobody listens: the next one at once, and it is left alone",
    who: ALL,
    does: "refuses",
    expected: "X unreachable, Y answered | X skipped cooling-down, Y answered",
  },
  {
    id: "T01.alone",
    what: "nobody listens and nobody else is allowed: wait",
    who: ALL,
    does: "refuses",
    second: "nobody",
    expected: "X unreachable, postponed",
  },
  {
    id: "T02",
    what: "the connection is reset before any header, always",
    who: TELLING,
    does: () => [{ ending: "reset" }],
    expected: "X server-error, X server-error, Y answered",
  },
  {
    id: "T02.once",
    what: "the connection is reset before any header, once",
    who: TELLING,
    does: (dialect) => [{ ending: "reset" }, good(dialect)],
    expected: "X server-error, X answered",
  },
  {
    id: "T02",
    what: "the connection is reset before any header, which its SDK calls the same as nobody there",
    who: ["gemini"],
    does: () => [{ ending: "reset" }],
    expected: "X unreachable, Y answered",
  },
  {
    id: "T03",
    what: "the connection is closed in mid-answer, always",
    who: ALL,
    does: (dialect) => [{ ...half(dialect), ending: "close" }],
    expected: "X server-error, X server-error, Y answered",
  },
  {
    id: "T03.once",
    what: "the connection is reset in mid-answer, once",
    who: ALL,
    does: (dialect) => [{ ...half(dialect), ending: "reset" }, good(dialect)],
    expected: "X server-error, X answered",
  },
  { id: "T04", what: "its name does not exist", who: ALL, does: "no such name", expected: "X unreachable, Y answered" },
  {
    id: "T04.all",
    what: "no name exists: it is our network, wait",
    who: ALL,
    does: "no such name",
    second: "lost",
    expected: "X unreachable, Y unreachable, postponed",
  },
  {
    id: "T05",
    what: "nobody we trust has signed its certificate: never asked again without a pause",
    who: ALL,
    does: "bad certificate",
    expected: "X unreachable, Y answered | X skipped cooling-down, Y answered",
  },
  {
    id: "T06",
    what: "it takes no connection and refuses none",
    who: ALL,
    does: "never connects",
    clocks: { firstS: SHORT_S, loadS: SHORT_S },
    expected: "X timed-out, Y answered",
  },
  {
    id: "T07",
    what: "no header comes until the answer is done",
    who: ALL,
    does: (dialect) => [{ ...good(dialect), waitMs: LONGER_MS }],
    clocks: { firstS: SHORT_S },
    expected: "X timed-out, Y answered",
  },
  {
    id: "T08",
    what: "it says half of the answer and then nothing",
    who: ALL,
    does: (dialect) => [{ ...half(dialect), ending: "hang" }],
    clocks: { stallS: SHORT_S },
    expected: "X timed-out, Y answered",
  },
  {
    id: "T09",
    what: "it takes the question and never says a byte",
    who: ALL,
    does: () => [{ ending: "hang" }],
    clocks: { firstS: SHORT_S },
    expected: "X timed-out, Y answered",
  },
  {
    id: "T12",
    what: "the answer is shorter than announced, once",
    who: ALL,
    does: (dialect) => {
      const pieces = dialect.pieces(GOOD);
      const headers = { ...dialect.headers, "content-length": `${bytesOf(pieces)}` };
      return [{ headers, body: pieces.slice(0, Math.floor(pieces.length * 0.6)), ending: "close" }, good(dialect)];
    },
    expected: "X server-error, X answered",
  },
  {
    id: "T14",
    what: "a proxy in front of it answers 504 with a web page, always",
    who: ALL,
    does: () => [page(504)],
    expected: "X server-error, X server-error, Y answered",
  },
  {
    id: "T14.once",
    what: "a proxy in front of it answers 502 with a web page, once",
    who: ALL,
    does: (dialect) => [page(502), good(dialect)],
    expected: "X server-error, X answered",
  },
  {
    id: "T15",
    what: "an event in mid-answer is damaged, once",
    who: ALL,
    does: (dialect) => {
      const pieces = dialect.pieces(GOOD);
      const middle = Math.floor(pieces.length / 2);
      return [{ headers: dialect.headers, body: [...pieces.slice(0, middle), dialect.damaged, ...pieces.slice(middle)] }, good(dialect)];
    },
    expected: "X server-error, X answered",
  },
  {
    id: "T17",
    what: "a connection that was used before is dead: a fresh one, and nobody is blamed",
    who: ALL,
    does: (dialect) => [(question) => (question.isReused ? { ending: "reset" } : good(dialect))],
    questions: 3,
    // Which of the questions meets the dead connection is a matter of microseconds.
    told: (said, provider) =>
      said.every((one) => one.endsWith(`${provider} answered`)) ? `${provider} answered each time` : said.join(" | "),
    expected: "X answered each time",
  },
];
