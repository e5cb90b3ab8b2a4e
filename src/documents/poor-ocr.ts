/** Above this share of words that are none, an old OCR is not to be quoted. In the corpus one page is above it and lies under a picture. */
const MAX_SHARE = 0.03;
/** Fewer words say nothing about the rest; a name or two ("McDonald") may look misread. */
const MIN_WORDS = 10;
const MIN_MISREAD = 3;

/**
 * Whether a text that lies under a picture of the page was read badly by whoever scanned it.
 *
 * Told by words that no language has: a figure or a sign within letters ("ESQU1B1EN", "irftn/"), a capital within small
 * ones ("ESQUIBiEN", "GouLien"), a row of letters without a vowel. Misread letters that make a word are not seen.
 */
export function isPoorOcr(text: string): boolean {
  const words = text.match(/\S*\p{L}\S*/gu) ?? [];
  const misread = words.filter(isNoWord).length;
  return words.length >= MIN_WORDS && misread >= MIN_MISREAD && misread > words.length * MAX_SHARE;
}

function isNoWord(word: string): boolean {
  const bare = word.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, "");
  // Addresses, numbers of acts and short marks look like this and are right.
  if (bare.length < 4 || /[@\d]{2}|\d$|^\d|\.\p{L}|:\/\//u.test(bare)) return false;
  return (
    /\p{L}\d\p{L}/u.test(bare) ||
    /\p{Lu}\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}\p{Lu}/u.test(bare) ||
    /\p{L}[\\|;!*_~^<>{}=]\p{L}/u.test(bare) ||
    hasNoVowel(bare)
  );
}

const hasNoVowel = (word: string): boolean =>
  /^\p{L}{5,}$/u.test(word) && !/[aeiouyœæ]/i.test(word.normalize("NFD")) && /\p{Ll}/u.test(word);
