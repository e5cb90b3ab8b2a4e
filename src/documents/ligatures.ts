/** What the fonts of common office programs call their joined letters. None of these letters exists in French or Breton. */
const LIGATURES: Readonly<Record<string, string>> = { Ɵ: "ti", Ʃ: "tt", ƫ: "tti", ﬀ: "ff", ﬁ: "fi", ﬂ: "fl", ﬃ: "ffi", ﬄ: "ffl" };

/** A page's text with its joined letters taken apart: "AcƟon" is how the file spells it, "Action" is what the page shows. */
export const withoutLigatures = (text: string): string => text.replace(/[ƟƩƫﬀﬁﬂﬃﬄ]/g, (joined) => LIGATURES[joined] ?? joined);
