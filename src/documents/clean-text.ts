/**
 * A text of a document or of a model as one printable line: line ends as spaces, no half characters, nothing unseen.
 *
 * Unseen are control and format characters: a direction mark can make a reader see another amount than the one that stands there.
 */
export const printable = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, " ")
    .replace(/[\p{Cc}\p{Cf}\uFFFE\uFFFF]/gu, "");
