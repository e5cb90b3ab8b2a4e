import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OcrAnswer, Turn } from "../../src/capabilities/ocr/contract.ts";
import type { Outcome } from "../../src/core/attempt.ts";
import { Fault } from "../../src/core/fault.ts";
import { readScan } from "../../src/documents/scan.ts";

const BY = { provider: "tesseract", model: "tesseract 5", site: { kind: "local" }, attempts: [] } as const;
const ACT = "Le maire de Port-Brillac arrête : la circulation est interdite sur le quai.";
const answered = (text: string, confidence: number): Outcome<OcrAnswer> => ({
  kind: "answered",
  by: BY,
  result: { text, confidence, words: [], model: "tesseract 5", tokensIn: undefined, tokensOut: undefined },
});

/** A page that reads well only when it is turned so. */
function page(outcomes: Partial<Record<Turn, Outcome<OcrAnswer>>>) {
  const asked: Turn[] = [];
  const spoken: string[] = [];
  let turned: Turn = 0;
  return {
    asked,
    spoken,
    ports: {
      async picture(turn: Turn) {
        turned = turn;
        return { png: new Uint8Array(1), width: 1, height: 1, dpi: 220 };
      },
      async read({ languages }: { readonly languages: readonly string[] }) {
        asked.push(turned);
        spoken.push(languages.join("+"));
        return outcomes[turned] ?? answered("Il cà ñ wv tt l i ee zt rq mp oo iu uu eé aq ss dd ff gg", 35);
      },
    },
  };
}

describe("a page of a scan", () => {
  it("that reads well is asked about once", async () => {
    const { asked, ports } = page({ 0: answered(ACT, 91) });
    const outcome = await readScan(ports);
    assert.ok(outcome.kind === "answered");
    assert.deepEqual([outcome.result.text, outcome.result.turn, asked], [ACT, 0, [0]]);
  });

  for (const turn of [90, 180, 270] as const) {
    it(`that lies turned by ${turn} is found so`, async () => {
      const { asked, ports } = page({ [turn]: answered(ACT, 88) });
      const outcome = await readScan(ports);
      assert.ok(outcome.kind === "answered");
      assert.deepEqual([outcome.result.text, outcome.result.turn, asked.at(-1)], [ACT, turn, turn]);
    });
  }

  it("with Breton on it is read once more with both languages, and any other with French alone", async () => {
    const breton = "Ti-kêr Port-Brillac : ar porzh a zo serret evit an hañv, hag ur bodad labourioù a vo graet gant ar gumun.";
    const both = page({ 0: answered(breton, 88) });
    assert.equal((await readScan(both.ports)).kind, "answered");
    assert.deepEqual(both.spoken, ["fra", "fra+bre"]);
    const french = page({ 0: answered(ACT, 91) });
    await readScan(french.ports);
    assert.deepEqual(french.spoken, ["fra"]);
  });

  it("that reads badly in every turn keeps the best, with its own low confidence", async () => {
    const { asked, ports } = page({ 180: answered(ACT, 52) });
    const outcome = await readScan(ports);
    assert.ok(outcome.kind === "answered");
    assert.deepEqual([outcome.result.confidence, outcome.result.turn, asked.length], [52, 180, 4]);
  });

  it("that is empty stays empty, and a word that one turn guesses does not count for more than a text", async () => {
    const { ports } = page({ 0: answered("", 0), 90: answered("", 0), 180: answered("", 0), 270: answered("", 0) });
    const empty = await readScan(ports);
    assert.ok(empty.kind === "answered");
    assert.deepEqual([empty.result.text, empty.result.turn], ["", 0]);
  });

  it("that nobody could read now is postponed, whatever was read before", async () => {
    const until = new Date("2026-11-25T12:00:00Z");
    const { ports } = page({ 270: { kind: "postponed", until, why: "rate-limited" } });
    assert.deepEqual(await readScan(ports), { kind: "postponed", until, why: "rate-limited" });
  });

  it("that cannot be drawn says so", async () => {
    const fault = new Fault("unreadable-document", "too large");
    await assert.rejects(readScan({ ...page({}).ports, picture: () => Promise.reject(fault) }), fault);
  });
});
