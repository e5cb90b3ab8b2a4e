import assert from "node:assert/strict";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { takeContribution } from "../../src/contributions/contribution.ts";
import { judge } from "../../src/contributions/judge.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { answerCharter } from "../../src/practice/answer-charter.ts";
import { SAMPLES } from "../support/app.ts";
import { homes } from "../support/homes.ts";

const { open } = homes();
const DOCS = "audierne-docs";
const FIRST = "convocation-conseil-municipal-2026-02-26.txt";
const FILES = ["PM2026-031.pdf", "Arrêté n° PM2026-031 – Fête du port.pdf", "PM2026-018-signe.pdf", FIRST];

describe("the documents of a folder", () => {
  it("are each analysed once and reported: the same bytes under two names are one, a scan is read by OCR and says so", async (test) => {
    const { app, dir, putSample, scan, untilIdle, work } = await open(test);
    for (const name of FILES) await putSample(name);
    await work();
    assert.deepEqual(await scan(), { documents: 3, enqueued: 3, unchanged: 0, refused: 0 });
    await untilIdle(DOCS);
    const told = (await app.stores.results.all()).map(({ document, status, production, quotes }) => [
      [document.files.length, document.reading?.[0]?.source].join(" "),
      status,
      production.answers.length > 0,
      quotes.checked === quotes.found,
    ]);
    assert.deepEqual(told, [
      ["2 text-layer", "analysed", true, true],
      ["1 ocr", "analysed", true, true],
      ["1 text-layer", "analysed", true, true],
    ]);
    const folders = await readdir(join(dir, "out", "documents"));
    const index = await readFile(join(dir, "out", "index.html"), "utf8");
    assert.ok(folders.length === 3 && folders.every((folder) => index.includes(folder)));
  });

  it("are not asked about again while nothing changes, and come back from their stored answers when a result was lost", async (test) => {
    const { app, asked, dir, putSample, scan, until, untilIdle, work } = await open(test);
    await putSample(FIRST);
    await work();
    await scan();
    await untilIdle(DOCS);
    const questions = asked.length;
    assert.ok(questions > 0);
    assert.deepEqual(await scan(), { documents: 1, enqueued: 0, unchanged: 1, refused: 0 });
    const [before] = await app.stores.results.all();
    await rm(join(dir, "data", "results"), { recursive: true });
    assert.deepEqual(await scan(), { documents: 1, enqueued: 1, unchanged: 0, refused: 0 });
    await untilIdle(DOCS);
    const [again] = await app.stores.results.all();
    assert.deepEqual([again?.claims, again?.themes, asked.length], [before?.claims, before?.themes, questions]);
    await rm(join(dir, "data", "answers"), { recursive: true });
    await rm(join(dir, "data", "results"), { recursive: true });
    await scan();
    await untilIdle(DOCS);
    assert.equal(asked.length, 2 * questions);
    assert.ok((await until(DOCS, await onlyDocument(app), "completed")).returnvalue);
  });

  it("that get a second name keep their analysis: the result has both names and no question is asked", async (test) => {
    const { app, asked, put, putSample, scan, untilIdle, work } = await open(test);
    await putSample(FIRST);
    await work();
    await scan();
    await untilIdle(DOCS);
    const questions = asked.length;
    await put("zz copy.txt", await readFile(join(SAMPLES, "documents", FIRST)));
    assert.deepEqual(await scan(), { documents: 1, enqueued: 1, unchanged: 0, refused: 0 });
    await untilIdle(DOCS);
    assert.deepEqual(
      (await app.stores.results.all()).map(({ document }) => document.files),
      [[FIRST, "zz copy.txt"]],
    );
    assert.equal(asked.length, questions);
  });

  it("that are broken fail visibly with their cause, at once and untouched; the others are done", async (test) => {
    const { app, asked, dir, put, putSample, scan, until, untilIdle, work } = await open(test);
    const broken = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(4_000, "x")]);
    await put("0 broken.pdf", broken);
    await put("1 program.pdf", "MZ this is no document");
    await putSample(FIRST);
    await work();
    await scan();
    await untilIdle(DOCS);
    const failed = await app.queues.queue(DOCS).getFailed();
    assert.deepEqual(
      failed.map((job) => [job.failedReason.split(":")[0], job.attemptsMade]),
      [
        ["unreadable-document", 1],
        ["unreadable-document", 1],
      ],
    );
    assert.deepEqual(await readFile(join(dir, "documents", "0 broken.pdf")), broken);
    assert.equal((await app.stores.results.all()).length, 1);
    const questions = asked.length;
    assert.deepEqual(await scan(), { documents: 3, enqueued: 0, unchanged: 1, refused: 0 });
    assert.equal(asked.length, questions);
    assert.ok(await until(DOCS, `${failed[0]?.id}`, "failed"));
  });
});

describe("twenty contributions", () => {
  it("get one verdict each, exactly what the rules make of the model's answer, with who answered", async (test) => {
    const { app, submit, untilIdle, work } = await open(test);
    const sent = JSON.parse(await readFile(join(SAMPLES, "contributions.json"), "utf8")) as object[];
    const hashes = await Promise.all(sent.map(async (one) => (await submit(one)).sha256));
    await work();
    await untilIdle("validation");
    const verdicts = await Promise.all(hashes.map((sha256) => app.stores.contributions.getVerdict(sha256)));
    const expected = sent.map((one) => judge(CharterAnswer.parse(answerCharter(takeContribution(one).text))).verdict);
    assert.deepEqual(
      verdicts.map((one) => one?.verdict),
      expected,
    );
    assert.deepEqual(new Set(expected), new Set(["valid", "invalid", "undecided"]));
    assert.ok(verdicts.every((one) => one?.answeredBy.provider === "ollama" && one.practice));
  });
});

async function onlyDocument({ queues }: Awaited<ReturnType<typeof open>>["app"]): Promise<string> {
  const jobs = await queues.queue(DOCS).getCompleted();
  return jobs.find((job) => `${job.id}`.startsWith("document-"))?.id ?? "";
}
