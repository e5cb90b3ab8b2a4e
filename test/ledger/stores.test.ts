import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { takeContribution } from "../../src/contributions/contribution.ts";
import type { AnsweredBy, Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";
import { openStores, type Stores } from "../../src/ledger/stores.ts";
import { ANALYSED } from "../documents/sample-results.ts";

let dir = "";
let stores: Stores;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ecluse-stores-"));
  stores = openStores(places());
});
const places = () => ({
  DATA_DIR: join(dir, "data"),
  OUT_DIR: join(dir, "out"),
  DATASET_SEED: "ecluse",
  DOCUMENTS_DIR: join(dir, "documents"),
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const HASH = "a".repeat(64);
const BY: AnsweredBy = { provider: "ollama", model: "practice", site: { kind: "local" }, attempts: [] };
const yes: Outcome<string> = { kind: "answered", result: "yes", by: BY };
const about = (step: string) => ({ sha256: HASH, step });
const never = () => assert.fail("must not be asked");

describe("an answer to one question about one document", () => {
  it("is on the disk before the work goes on, and is not asked for again, not even by another program", async () => {
    assert.deepEqual(await stores.answers.once(about("chunk-1"), async () => yes), yes);
    assert.deepEqual(await stores.answers.once(about("chunk-1"), never), yes);
    const other = openStores(places());
    assert.deepEqual(await other.answers.once(about("chunk-1"), never), yes);
  });

  it("is another one for another question, another document or other instructions", async () => {
    let asked = 0;
    const ask = async (): Promise<Outcome<string>> => {
      asked += 1;
      return yes;
    };
    await stores.answers.once(about("v1-chunk-1"), ask);
    await stores.answers.once(about("v1-chunk-2"), ask);
    await stores.answers.once(about("v2-chunk-1"), ask);
    await stores.answers.once({ sha256: "b".repeat(64), step: "v1-chunk-1" }, ask);
    assert.equal(asked, 4);
  });

  it("that did not come is not kept: a failure or a delay today is no answer tomorrow", async () => {
    const ends: readonly Outcome<string>[] = [
      { kind: "postponed", until: new Date(), why: "busy" },
      { kind: "failed", fault: new Fault("invalid-answer", "no JSON") },
    ];
    for (const end of ends) assert.deepEqual(await stores.answers.once(about("chunk-1"), async () => end), end);
    assert.deepEqual(await stores.answers.once(about("chunk-1"), async () => yes), yes);
  });

  it("of which the file was cut, emptied or written over is asked for again, never believed", async () => {
    const folder = join(dir, "data", "answers", HASH);
    for (const bad of ["", "{", '{"kind":"answered"', "null", "[]", '{"kind":"failed"}']) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "chunk-1.json"), bad);
      assert.deepEqual(await stores.answers.once(about("chunk-1"), async () => yes), yes, bad);
    }
  });

  it("stays inside its folder, whatever a step is called, and only its owner may read it", async () => {
    await stores.answers.once(about("../../../x/é"), async () => yes);
    const [file = ""] = readdirSync(join(dir, "data", "answers", HASH));
    assert.deepEqual(readdirSync(dir), ["data"]);
    assert.equal(statSync(join(dir, "data", "answers", HASH, file)).mode & 0o077, 0);
  });
});

describe("the results of documents", () => {
  it("that end together are all in the index, with their reports", async () => {
    const results = ["a", "b", "c", "d"].map((letter) => {
      return { ...ANALYSED, document: { ...ANALYSED.document, sha256: letter.repeat(64), files: [`${letter}.pdf`] } };
    });
    await Promise.all(results.map((result) => stores.results.put(result)));
    const index = readFileSync(join(dir, "out", "index.html"), "utf8");
    const folders = readdirSync(join(dir, "out", "documents"));
    assert.deepEqual([folders.length, folders.filter((folder) => index.includes(folder)).length], [4, 4]);
    assert.deepEqual(
      (await stores.results.all()).map(({ document }) => document.files[0]),
      ["a.pdf", "b.pdf", "c.pdf", "d.pdf"],
    );
  });

  it("is on record only once its reports are there: a full disk leaves a document to be analysed again", async () => {
    writeFileSync(join(dir, "out"), "a file where the folder of reports should be");
    await assert.rejects(stores.results.put(ANALYSED));
    assert.equal(await stores.results.get(ANALYSED.document.sha256), undefined);
  });

  it("of which one was spoiled on the disk are listed without it: it is as none, to be analysed again, and keeps nobody from the list", async () => {
    await stores.results.put(ANALYSED);
    const { sha256 } = ANALYSED.document;
    const spoilt = ["", "{", "{}", "null", "[]", JSON.stringify({ ...ANALYSED, claims: undefined })];
    for (const [index, text] of spoilt.entries()) writeFileSync(join(dir, "data", "results", `${index}.json`), text);
    await stores.results.put(ANALYSED);
    assert.deepEqual(await stores.results.all(), [ANALYSED]);
    assert.deepEqual([await stores.results.get("5"), await stores.results.get(sha256)], [undefined, ANALYSED]);
    assert.deepEqual((await stores.results.broken()).at(-1), { name: "5.json", why: "claims: invalid_type" });
  });

  it("that would not be read back are not stored, and say so", async () => {
    const spoilt = { ...ANALYSED, document: { ...ANALYSED.document, pages: 0 } };
    await assert.rejects(stores.results.put(spoilt), { message: "a result that is none was not stored: document.pages: too_small" });
    assert.equal(existsSync(join(dir, "out")), false);
  });

  it("written twice is one result and one set of reports, byte for byte the same", async () => {
    const files = () =>
      readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) =>
        entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
      );
    await stores.results.put(ANALYSED);
    const before = files().map((file) => [file, readFileSync(file, "utf8")]);
    await stores.results.put(ANALYSED);
    assert.deepEqual(
      files().map((file) => [file, readFileSync(file, "utf8")]),
      before,
    );
  });
});

describe("a contribution", () => {
  it("is kept as it was sent, for its owner's eyes only, and has no verdict until one is given", async () => {
    const letter = takeContribution({ title: "Banc public", body: "Je propose un banc à l'ombre." });
    await stores.contributions.put(letter);
    assert.deepEqual(await stores.contributions.get(letter.sha256), letter);
    assert.equal(await stores.contributions.getVerdict(letter.sha256), undefined);
    assert.equal(existsSync(join(dir, "data", "verdicts")), false);
    assert.equal(statSync(join(dir, "data", "contributions", `${letter.sha256}.json`)).mode & 0o077, 0);
  });
});

describe("a file that could not be read", () => {
  const index = () => readFileSync(join(dir, "out", "index.html"), "utf8");
  const file = { key: ANALYSED.document.sha256, files: ["chiffré.pdf"], reason: "the PDF asks for a password" };

  it("is named in the list of reports until it is read", async () => {
    await stores.results.setUnread(file);
    assert.match(index(), /1\u00A0fichier non lu, plus bas[\s\S]*chiffré\.pdf[\s\S]*lang="en">the PDF asks for a password/);
    assert.deepEqual(await stores.results.unread(), [file]);
    await stores.results.put(ANALYSED);
    assert.doesNotMatch(index(), /non lu|chiffré/);
  });

  it("and until it is gone from the folder", async () => {
    await stores.results.setUnread(file);
    await stores.results.keepUnread(new Set([file.key]));
    assert.equal((await stores.results.unread()).length, 1);
    await stores.results.keepUnread(new Set());
    assert.deepEqual(await stores.results.unread(), []);
    assert.doesNotMatch(index(), /chiffré/);
  });
});
