import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { readContributions } from "../../src/contributions/read-input.ts";

const CORPUS = fileURLToPath(new URL("../../../shared/corpus/contributions/contributions.json", import.meta.url));
const SAMPLES = fileURLToPath(new URL("../../samples/contributions.json", import.meta.url));
const item = (id: string) => ({ id, title: `titre ${id}`, body: "corps" });
const strict = { fieldsOnly: false };
const idsOf = (text: string) => readContributions(text, strict).contributions.map(({ id }) => id);

describe("contributions that somebody hands over", () => {
  it("are the same in each of the shapes people have them in", () => {
    const three = ["a", "b", "c"].map(item);
    const shapes = [
      JSON.stringify(three),
      JSON.stringify({ generated_at: "x", contributions: three }, null, 2),
      three.map((one) => JSON.stringify(one)).join("\n"),
      `\uFEFF${three.map((one) => JSON.stringify(one)).join("\r\n\r\n")}\r\n`,
    ];
    for (const shape of shapes) assert.deepEqual(idsOf(shape), ["a", "b", "c"]);
    assert.deepEqual(idsOf(JSON.stringify(item("one"))), ["one"]);
  });

  it("are all read, or every mistake is named by its place and without its text", () => {
    const { contributions, mistakes } = readContributions(
      [
        JSON.stringify(item("a")),
        '{"title": "secret',
        "",
        "[]",
        JSON.stringify({ title: "secret" }),
        JSON.stringify({ ...item("e"), ip: "secret" }),
      ].join("\n"),
      strict,
    );
    assert.deepEqual(
      [contributions.map(({ id }) => id), mistakes.map((mistake) => mistake.split(":", 1)[0])],
      [["a"], ["line 2", "line 4", "line 5", "line 6"]],
    );
    assert.doesNotMatch(mistakes.join("\n"), /secret/);
  });

  it("make one mistake, not one a line, when the whole is no JSON, and one when there is nothing", () => {
    assert.deepEqual(readContributions('[\n{"title": "a",\n}\n', strict).mistakes, ["the input: it is neither JSON nor JSON lines"]);
    assert.deepEqual(readContributions(" \n", strict).mistakes, ["the input: it is empty"]);
    assert.deepEqual(readContributions("[]", strict), { contributions: [], mistakes: [] });
  });

  it("with title, body and the form's two fields are judged by what the citizen wrote into the form", () => {
    const both = JSON.stringify({ ...item("a"), constat_factuel: "le vrai texte", idees_ameliorations: "" });
    assert.match(readContributions(both, strict).mistakes[0] ?? "", /--fields-only/);
    assert.match(readContributions(both, { fieldsOnly: true }).contributions[0]?.text ?? "", /le vrai texte/);
    assert.doesNotMatch(readContributions(both, { fieldsOnly: true }).contributions[0]?.text ?? "", /titre a/);
  });

  it("of the project's samples are all taken as they are", () => {
    const { contributions, mistakes } = readContributions(readFileSync(SAMPLES, "utf8"), strict);
    assert.deepEqual([contributions.length, mistakes], [20, []]);
  });

  it("of a real export are refused for their other fields, and all taken without them", {
    skip: existsSync(CORPUS) ? false : "the corpus is not beside this folder",
  }, () => {
    const text = readFileSync(CORPUS, "utf8");
    assert.equal(readContributions(text, strict).mistakes.length, 50);
    const { contributions, mistakes } = readContributions(text, { fieldsOnly: true });
    assert.deepEqual([contributions.length, mistakes], [50, []]);
  });
});
