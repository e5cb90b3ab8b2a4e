import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { isLink, isNoFile, MAX_FILE_BYTES, notOpened, refuseEmpty } from "../../src/documents/open-file.ts";
import { endedBy, refusal, refuseByItsEnds, tooLong } from "../../src/documents/pdf/refusals.ts";
import { PDF_LIMITS } from "../../src/documents/pdf.ts";
import { indexHtml } from "../../src/documents/report-html.ts";
import { frenchReason } from "../../src/documents/report-unread.ts";
import { decodeText } from "../../src/documents/text.ts";
import { ROOT } from "../support/command.ts";

const thrown = (act: () => unknown): Error => {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return assert.fail("nothing was thrown");
};
const coded = (code: string): Error => Object.assign(new Error(code), { code });

/** Every refusal that can be made without a file. */
const REFUSALS: readonly Error[] = [
  ...(["password", "damaged", "too-many-pages", "too-long", "no-such-page"] as const).map((why) => refusal(why, PDF_LIMITS)),
  ...(["time", "memory", "output", "died"] as const).map(endedBy),
  tooLong("file", PDF_LIMITS.chars),
  isLink(),
  isNoFile(),
  ...["EACCES", "ENOENT", "EIO"].map((code) => notOpened(coded(code), "a.pdf")),
  notOpened(coded("ENOENT"), "a\uFFFD.pdf"),
  thrown(() => refuseEmpty(0)),
  thrown(() => refuseByItsEnds(Buffer.from("MZ"))),
  thrown(() => refuseByItsEnds(Buffer.from("%PDF-1.7 and no end"))),
  thrown(() => decodeText(Buffer.from([0]))),
];

/** Every sentence of a refusal as it stands in the source, with something in place of what is filled in. */
const SENTENCES = readdirSync(`${ROOT}src/documents`, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .flatMap((name) =>
    [...readFileSync(`${ROOT}src/documents/${name}`, "utf8").matchAll(/\bunreadable\(\s*(?:"([^"]+)"|`([^`]+)`)/g)].map(
      ([, plain, filled = ""]) => plain ?? filled,
    ),
  );
const filled = (sentence: string): readonly string[] =>
  /\$\{what\}/.test(sentence)
    ? ["PDF", "file", "time", "memory"].map((what) => sentence.replace(/\$\{what\}/, what)).flatMap(filled)
    : [sentence.replaceAll(/\$\{[^}]*\}/g, "7")];

describe("why a file could not be read", () => {
  it("is said in French, with what to do, whichever refusal it is", () => {
    for (const { message } of REFUSALS) {
      const french = frenchReason(message);
      assert.ok(french !== undefined, `no French sentence in src/documents/report-unread.ts for: ${message}`);
      assert.match(french, /^\p{Lu}.*[.:].*\p{L}.*\.$/u);
    }
  });
  it("has its French sentence for each that stands in the program, those included that need a broken disk", () => {
    assert.ok(SENTENCES.length > 18, `${SENTENCES.length}`);
    const missing = SENTENCES.filter((sentence) => filled(sentence).every((one) => frenchReason(one) === undefined));
    assert.deepEqual(missing, [], "add them to src/documents/report-unread.ts");
  });
  it("keeps its figures, written as in French, and its codes", () => {
    assert.equal(
      frenchReason(`the file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB: split it, or scan it again with a lower resolution`)?.slice(
        0,
        28,
      ),
      "Le fichier dépasse 50\u00A0Mo. Le",
    );
    assert.match(frenchReason(tooLong("PDF", 2_000_000).message) ?? "", /dépasse 2\u202F000\u202F000 caractères/);
    assert.match(frenchReason(notOpened(coded("EIO"), "a.pdf").message) ?? "", /\(code EIO\)/);
  });
  it("is left in English, and marked as such, when it is none of ours word for word", () => {
    assert.equal(frenchReason("the PDF asks for a password"), undefined);
    assert.equal(frenchReason("x the PDF is damaged: export it again from the program it came from"), undefined);
    const page = indexHtml([], [{ key: "a", files: ["a.pdf"], reason: "some <b>other</b> reason" }]);
    assert.match(page, /<p class="note" lang="en">some &lt;b&gt;other&lt;\/b&gt; reason<\/p>/);
  });
  it("stands in French in the list of reports", () => {
    const reason = refusal("password", PDF_LIMITS).message;
    const page = indexHtml([], [{ key: "a", files: ["a.pdf"], reason }]);
    assert.match(page, /<p class="note">Le PDF est protégé par un mot de passe\. L’exporter de nouveau sans mot de passe\.<\/p>/);
    assert.doesNotMatch(page, /lang="en"/);
  });
});
