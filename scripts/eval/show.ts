import { table } from "../terminal.ts";
import type { ModelScore } from "./model-score.ts";
import type { Score } from "./score.ts";

/** What was read, for a person. */
export function shown(score: Score): string {
  const { documents, textLayer, scans, number, date, kind, invented, crashed, withoutOutcome, pagesPerSecond, failures } = score;
  const rows = [
    ["quotes of text layers", `${textLayer.found} of ${textLayer.facts}`],
    ["quotes of scans", `${scans.found} of ${scans.facts}`],
    ["kind", `${kind.right} of ${kind.stated}`],
    ["number", `${number.right} of ${number.stated}, ${invented.number} where none is stated`],
    ["date", `${date.right} of ${date.stated}, ${invented.date} where none is stated`],
    ["crashed, without outcome", `${crashed}, ${withoutOutcome}`],
    ["pages per second", String(pagesPerSecond)],
  ];
  return `${listed(failures)}${table([`${documents} documents`, "right"], rows)}`;
}

/** What a model is worth, for a person. */
export function shownModel(score: ModelScore): string {
  const { documents, analysed, withoutText, failed, answers, unanswered, quotes, facts, pages, secondsPerPage, failures } = score;
  const rows = [
    ["analysed, without text, failed", `${analysed}, ${withoutText}, ${failed}`],
    ["answers in the asked shape", `${answers.valid} of ${answers.given}${percentOf(answers.share)}`],
    ["questions without an answer", String(unanswered)],
    ["quotes that stand in the document", `${quotes.found} of ${quotes.checked}${percentOf(quotes.share)}`],
    ["facts of the ground truth found", `${facts.found} of ${facts.stated}${percentOf(facts.share)}`],
    ["seconds of the model per page", `${secondsPerPage ?? "-"} (${pages} pages)`],
  ];
  const exercise = score.practice
    ? "The practice model answered, which is no language model: these figures show that the way is clear, no more.\n"
    : "";
  return `${listed(failures)}${table([`${documents} documents`, score.model], rows)}${exercise}`;
}

const listed = (failures: Score["failures"]): string => failures.map(({ file, what }) => `${file}: ${what}\n`).join("");
const percentOf = (share: number | null): string => (share === null ? "" : `, ${Math.round(share * 1_000) / 10} %`);
