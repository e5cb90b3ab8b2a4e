import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { JobContext } from "../../../jobs/context.ts";
import type { App } from "../../../src/assemble.ts";
import type { OcrRequest } from "../../../src/capabilities/ocr/contract.ts";
import { ocrLocks } from "../../../src/capabilities/ocr/slot.ts";
import { homes } from "../../support/homes.ts";
import { blankScan, watchChildren } from "../../support/scan.ts";
import { type StandIn, startStandIn } from "../../support/stand-in.ts";

const { open } = homes();
let google: StandIn;
before(async () => {
  google = await startStandIn();
});
after(() => google.stop());

function contextOf({ contextFor, definitions }: App): JobContext {
  const [definition] = definitions;
  assert.ok(definition);
  const job = { id: "job-1", name: "a job", definition, isLastRun: false, updateProgress: async () => {} };
  return contextFor(job, new AbortController().signal);
}

describe("sixteen pages asked for at once", () => {
  it("are read two at a time where two may be, all of them, although somebody else holds the local model", async (test) => {
    const children = watchChildren(test);
    const home = await open(test, { settings: { OCR_PARALLEL: "2", TESSERACT_BIN: "packaged" } });
    await home.app.lockRedis.set("lock:ollama:global", "another program", "EX", 600);
    const { ocr } = contextOf(home.app);
    const outcomes = await Promise.all(Array.from({ length: 16 }, () => ocr(blankScan())));
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(["answered"]));
    assert.equal(children.started.length, 16);
    assert.equal(children.mostAtOnce(), 2);
    assert.deepEqual(await home.ledger(), Array(16).fill("tesseract answered"));
    assert.equal(await home.app.lockRedis.get("lock:ollama:global"), "another program");
  });

  it("wait for each other on their machine only, and leave one processor to the workers unless told otherwise", () => {
    assert.deepEqual(ocrLocks("a", "auto", 4), ["ecluse:slot:ocr:a", "ecluse:slot:ocr:a:2", "ecluse:slot:ocr:a:3"]);
    assert.deepEqual(ocrLocks("b", "auto", 1), ["ecluse:slot:ocr:b"]);
    assert.deepEqual(ocrLocks("b", 2, 1), ["ecluse:slot:ocr:b", "ecluse:slot:ocr:b:2"]);
  });
});

describe("a page that Tesseract cannot read", () => {
  const settings = () => ({ TESSERACT_BIN: "packaged", GOOGLE_VISION_API_KEY: "a-key", GOOGLE_VISION_BASE_URL: google.url });
  // A language that the packaged Tesseract does not have.
  const page: OcrRequest = { ...blankScan(), languages: ["bre"] };

  it("goes to Google Vision, and the ledger says so before it leaves, with its size", async (test) => {
    const home = await open(test, { settings: settings() });
    google.reply({ body: '{"responses":[{}]}' });
    const outcome = await contextOf(home.app).ocr(page);
    assert.equal(outcome.kind === "answered" && outcome.by.provider, "google-vision");
    assert.deepEqual(await home.ledger(), ["tesseract faulted model-missing", "google-vision intended", "google-vision answered"]);
    const sent = (await google.nextRequest()).body as { requests: [{ image: { content: string } }] };
    const entries = await home.entries();
    for (const entry of entries.slice(1)) assert.equal("egressChars" in entry && entry.egressChars, sent.requests[0].image.content.length);
  });

  it("goes nowhere when documents may not leave", async (test) => {
    const home = await open(test, { settings: { ...settings(), EGRESS_DOCUMENTS: "off" } });
    const before = google.requests.length;
    const outcome = await contextOf(home.app).ocr(page);
    assert.equal(outcome.kind, "failed");
    assert.equal(google.requests.length, before);
    assert.deepEqual(await home.ledger(), ["tesseract faulted model-missing", "google-vision skipped egress-refused"]);
  });
});
