import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { runChild } from "../../../src/capabilities/ocr/child.ts";
import { acceptOcr, type OcrRequest } from "../../../src/capabilities/ocr/contract.ts";
import { tesseract } from "../../../src/capabilities/ocr/tesseract.ts";
import { type Config, readConfig } from "../../../src/config.ts";
import { Fault } from "../../../src/core/fault.ts";
import { assertFault, faultFrom } from "../../contract/observe.ts";
import { blankScan, sampleScan, slopingScan, watchChildren } from "../../support/scan.ts";

const never = (): AbortSignal => new AbortController().signal;
const isInstalled = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"].some((folder) => existsSync(`${folder}/tesseract`));
let scan: OcrRequest;
before(async () => {
  scan = await sampleScan();
});

const ENGINES = [
  {
    bin: "auto",
    words: "the Tesseract that is installed",
    skip: !isInstalled && "no tesseract on this machine: apt install tesseract-ocr-fra",
  },
  { bin: "packaged", words: "the Tesseract among the packages", skip: false },
] as const;

for (const { bin, words, skip } of ENGINES) {
  const make = (over: Partial<Config> = {}) => tesseract({ ...readConfig({ TESSERACT_BIN: bin }), ...over });
  const read = (request: OcrRequest, over: Partial<Config> = {}, signal = never()) => make(over).call(request, { signal });

  describe(words, { skip }, () => {
    it("reads a scanned order: its sentences, in lines and blocks, each word where it stands", async () => {
      const { text, words: found, confidence, model } = acceptOcr(await read(scan));
      assert.match(text, /La circulation est interdite rue de la Cale-Neuve, entre le quai des Goémoniers et la rue/);
      assert.match(text, /\n\n/);
      assert.ok(confidence > 85 && confidence <= 100, `${confidence}`);
      assert.match(model, /^tesseract\S* v?\d[\w.]* fra$/);
      const topOf = (word: string): number => found.find((one) => one.text.startsWith(word))?.box[1] ?? Number.NaN;
      assert.ok(topOf("ARRÊTÉ") < 0.25 && topOf("KERZOLEN") > 0.5, `${topOf("ARRÊTÉ")} ${topOf("KERZOLEN")}`);
    });
    it("reads lines from their first letter where they begin on a coloured ground", async () => {
      const { text } = await read(await slopingScan("Le compte de la commune a été approuvé par le conseil municipal.", 24));
      assert.equal(text.match(/^Le compte de la commune/gm)?.length, 24);
    });
    it("finds nothing on an empty sheet, and says so", async () => {
      const { text, words: found, confidence } = acceptOcr(await read(blankScan()));
      assert.deepEqual({ text, found, confidence }, { text: "", found: [], confidence: 0 });
    });
    it("is ended, and not only left alone, when the caller gives up", async (test) => {
      const children = watchChildren(test);
      const caller = new AbortController();
      const call = faultFrom(read(scan, {}, caller.signal));
      const child = await children.next();
      const reason = new Fault("lease-lost", "the lease could not be proved any more");
      caller.abort(reason);
      assert.equal(await call, reason);
      assert.equal(child.signalCode, "SIGKILL");
      assert.throws(() => process.kill(child.pid ?? 0, 0), { code: "ESRCH" });
    });
    it("is ended when a page takes too long", async (test) => {
      const children = watchChildren(test);
      await assertFault(read(scan, { OCR_CALL_S: 0.1 }), "timed-out");
      assert.equal(children.started.at(-1)?.signalCode, "SIGKILL");
    });
    it("starts nothing when the caller gave up before", async (test) => {
      const children = watchChildren(test);
      await assertFault(read(scan, {}, AbortSignal.abort()), "cancelled");
      assert.equal(children.started.length, 0);
    });
    it("reads with the languages that are there when another one is missing", async () => {
      const { model } = await read({ ...blankScan(), languages: ["zzz", "fra"] });
      assert.match(model, / fra$/);
    });
    it("says which language a person must install when there is none of them", async () => {
      const fault = await assertFault(read({ ...blankScan(), languages: ["zzz"] }), "model-missing");
      assert.match(fault.message, /install one of tesseract-ocr-zzz/);
    });
    it("refuses what is no PNG, and says that it broke off at one that is damaged", async () => {
      await assertFault(read({ ...scan, png: Buffer.from("GIF89a") }), "unreadable-document");
      await assertFault(read({ ...scan, png: scan.png.subarray(0, 40) }), "server-error");
    });
    it("takes a processor's slot, costs nothing and stays here", () => {
      const { site, slots, callMs, unavailable } = make({ OCR_CALL_S: 7 });
      assert.deepEqual(
        { site, slots, callMs, unavailable },
        { site: { kind: "local" }, slots: ["ocr"], callMs: 7_000, unavailable: undefined },
      );
    });
  });
}

/** Stands in for a Tesseract that finds nothing. */
function programThatTellsItsArguments(test: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "ecluse-"));
  test.after(() => rmSync(folder, { recursive: true }));
  const [program, told] = [join(folder, "tesseract"), join(folder, "told")];
  writeFileSync(
    program,
    `#!/bin/sh
case "$1" in
--version) echo tesseract 5.0.0 ;;
--list-langs) printf 'List:\\nfra\\n' ;;
*) cat >/dev/null; echo "$@" >>'${told}'; printf '1\\t1\\t0\\t0\\t0\\t0\\t0\\t0\\t620\\t877\\t-1\\t\\n' ;;
esac
`,
    { mode: 0o755 },
  );
  return { program, args: () => readFileSync(told, "utf8").trim().split("\n") };
}

describe("which Tesseract is used", () => {
  it("is told how large the paper is, within what it takes, and need not guess", async (test) => {
    const { program, args } = programThatTellsItsArguments(test);
    const engine = tesseract(readConfig({ TESSERACT_BIN: program }));
    for (const dpi of [222.41, 3, 90_000]) await engine.call({ ...blankScan(), dpi }, { signal: never() });
    assert.deepEqual(
      args().map((line) => /--dpi (\S+)/.exec(line)?.[1]),
      ["222", "70", "2400"],
    );
  });
  it("is the one that the settings name, and no other when that one is not there", async () => {
    assert.throws(() => readConfig({ TESSERACT_BIN: "/nowhere/tesseract" }), /TESSERACT_BIN is neither auto nor packaged/);
    // Removed after the start.
    const nowhere = tesseract({ ...readConfig({}), TESSERACT_BIN: "/nowhere/tesseract" });
    const fault = await assertFault(nowhere.call(scan, { signal: never() }), "misconfigured");
    assert.match(fault.message, /TESSERACT_BIN/);
    const other = tesseract(readConfig({ TESSERACT_BIN: process.execPath }));
    await assertFault(other.call(scan, { signal: never() }), "misconfigured");
  });
});

describe("the process that reads a page", () => {
  const shell = (line: string, input = "") => runChild({ program: "/bin/sh", args: ["-c", line] }, Buffer.from(input), never());

  it("knows no setting and no key of ours", async () => {
    assert.equal(await runChild({ program: "/usr/bin/env", args: [] }, Buffer.alloc(0), never()), "OMP_THREAD_LIMIT=1\n");
  });
  it("stands behind the workers when processors are scarce", async () => {
    assert.equal(await shell("cat >/dev/null; nice"), "10\n");
  });
  it("gives back whatever it was given, however long it is", async () => {
    const long = "page ".repeat(300_000);
    assert.equal(await shell("cat", long), long);
  });
  it("is ended when it says far too much", async () => {
    await assertFault(shell("cat /dev/zero"), "server-error");
  });
  it("is known to have broken off, however it ended", async () => {
    await assertFault(shell("exit 3"), "server-error");
    await assertFault(shell("kill -SEGV $$"), "server-error");
    await assertFault(runChild({ program: "/nowhere/tesseract", args: [] }, Buffer.alloc(0), never()), "model-missing");
  });
});
