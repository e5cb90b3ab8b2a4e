import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PageReading, UNREAD_REASONS, type UnreadReason } from "../../src/documents/page.ts";
import { reportHtml } from "../../src/documents/report-html.ts";
import { pagesWithHiddenText, readingLines, unsurePages } from "../../src/documents/report-reading.ts";
import { ANALYSED, SCAN } from "./sample-results.ts";

const text = (page: number, ...flags: PageReading["flags"]): PageReading => ({ page, source: "text-layer", confidence: null, flags });
const ocr = (page: number, confidence: number, ...flags: PageReading["flags"]): PageReading => ({ page, source: "ocr", confidence, flags });
const spaces = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replaceAll(/[\u00A0\u202F]/g, " "));

describe("how the pages of a document were read", () => {
  it("is not worth a word when all of them have a plain text, or nothing is known", () => {
    assert.deepEqual(readingLines({ reading: [text(1), text(2)] }), []);
    assert.deepEqual(readingLines({}), []);
  });
  it("says which pages were read by OCR and how surely, beside those that have a text of their own", () => {
    const reading = [text(1), ocr(2, 92, "scan"), ocr(3, 70, "scan", "rotated"), text(4)];
    assert.deepEqual(spaces(readingLines({ reading })), [
      "Pages 2 et 3 : lues par reconnaissance de caractères (OCR), sûre à 81 % en moyenne ; 1 page peu sûre",
      "Pages 1 et 4 : texte du fichier",
      "Page 3 : redressée pour être lue",
    ]);
    assert.deepEqual(unsurePages({ reading }), [3]);
  });
  it("says first that a text was hidden, and that a program in the file was not run", () => {
    const lines = spaces(readingLines({ reading: [text(1, "lost-ligatures", "hidden-text"), text(2, "imposed")], hasActiveContent: true }));
    assert.match(lines[0] ?? "", /^Page 1 : texte caché/);
    assert.match(lines.at(-1) ?? "", /rien n’en a été exécuté/);
    assert.deepEqual(pagesWithHiddenText({ reading: [text(1), text(2, "hidden-text")] }), [2]);
  });
  it("does not alarm about a blank page, and does about one that could not be read", () => {
    const none = (page: number, flag: PageReading["flags"][number]): PageReading => ({
      page,
      source: "none",
      confidence: null,
      flags: [flag],
    });
    const reading = [text(1), none(2, "empty"), none(3, "scan")];
    const document = { ...ANALYSED.document, pages: 3, pagesWithoutText: [2, 3], reading };
    const html = reportHtml({ ...ANALYSED, document });
    assert.match(html, /La page 3 \(sur 3\) n’a pas de texte lisible/);
    assert.match(html, /<dt>Pages sans texte lisible<\/dt><dd>3<\/dd>/);
    const whole = reportHtml({ ...ANALYSED, document: { ...document, pagesWithoutText: [2] } });
    assert.doesNotMatch(whole, /lu en partie|sans texte lisible/);
  });
  it("names each page that was given up with the reason, and says which are tried again", () => {
    const gaveUp = (page: number, unread: UnreadReason): PageReading => ({
      page,
      source: "none",
      confidence: null,
      flags: ["scan"],
      unread,
    });
    const none: PageReading = { page: 5, source: "none", confidence: null, flags: ["scan"] };
    const reading = [ocr(1, 92), gaveUp(2, "timed-out"), gaveUp(3, "timed-out"), gaveUp(4, "unreadable-document"), none];
    const document = { ...ANALYSED.document, pages: 5, pagesWithoutText: [2, 3, 4, 5], reading };
    const html = reportHtml({ ...ANALYSED, document }).replaceAll(/[\u00A0\u202F]/g, " ");
    const timedOut = "Pages 2 et 3 : non lues, la reconnaissance de caractères n’a pas abouti à temps ; un nouvel essai suivra";
    const notDrawn = "Page 4 : non lue, l’image n’a pas pu être dessinée";
    const notice = `La page 5 (sur 5) n’a pas de texte lisible. ${notDrawn}. ${timedOut}. Ce qui s’y trouve manque dans ce rapport.`;
    assert.ok(html.includes(`Document lu en partie</strong> ${notice}`), html.slice(0, 9_000));
    assert.deepEqual(spaces(readingLines({ reading })).slice(1, 3), [notDrawn, timedOut]);
    for (const reason of UNREAD_REASONS) assert.match(readingLines({ reading: [gaveUp(1, reason)] }).join(), /non lue, (?:la|l’)/);
  });
  it("tells a page that has both a text and a picture with a text, and a picture that could not be read", () => {
    const both: PageReading = { page: 2, source: "both", confidence: 88, flags: ["large-picture"] };
    const missed: PageReading = { ...text(3, "large-picture"), unread: "timed-out" };
    const reading = [text(1), both, missed];
    const why =
      "Page 3 : texte du fichier lu, mais pas l’image, la reconnaissance de caractères n’a pas abouti à temps ; un nouvel essai suivra";
    assert.deepEqual(spaces(readingLines({ reading })), [
      "Page 2 : texte du fichier, et texte d’une image lue par reconnaissance de caractères (OCR), sûre à 88 % en moyenne",
      why,
      "Pages 1 et 3 : texte du fichier",
    ]);
    const html = reportHtml({ ...ANALYSED, document: { ...ANALYSED.document, pages: 3, pagesWithoutText: [], reading } });
    assert.ok(html.replaceAll(/[\u00A0\u202F]/g, " ").includes(`Document lu en partie</strong> ${why}. Ce qui s’y trouve manque`));
  });
  it("does not take a document of blank pages for a scan", () => {
    const reading: readonly PageReading[] = [1, 2].map((page) => ({ page, source: "none", confidence: null, flags: ["empty"] }));
    const html = reportHtml({ ...SCAN, document: { ...SCAN.document, reading } });
    assert.match(html, /Ce document n’a que des pages blanches/);
    assert.doesNotMatch(html, /numéris|des images/);
  });
  it("stands in the report, with a warning of what is hidden and what is unsure before the first word", () => {
    const reading = [text(1, "hidden-text"), ocr(2, 61)];
    const html = reportHtml({ ...ANALYSED, document: { ...ANALYSED.document, reading } }).replaceAll(/[\u00A0\u202F]/g, " ");
    assert.ok(html.indexOf("Texte caché dans le document") < html.indexOf("Résumé"));
    assert.match(html, /Lecture peu sûre<\/strong> La page 2 est difficile à lire/);
    assert.match(html, /<dt>Lecture des pages<\/dt><dd>Page 2 : lue par reconnaissance de caractères/);
  });
});
