import { distinct, quoteAt, type Sheet, type Stated } from "./sheet.ts";

/** What a place is called by in the open and inside, Breton lanes included. */
const SORT =
  "rue|rues|quai|quais|place|placette|avenue|boulevard|route|impasse|allée|chemin|venelle|ruelle|square|sentier|promenade|passage|rond-point|carrefour|parking|plage|plages|cale|pont|port|môle|digue|phare|anse|pointe|étang|rivière|lieu-dit|lieudit|quartier|hameau|village|lotissement|résidence|zone d[’']activités|salle|école|collège|stade|gymnase|piscine|église|chapelle|cimetière|théâtre|musée|médiathèque|bibliothèque|halle|halles|straed|hent";
/** Between two parts of a name: "du Vieux Lavoir", "Parc ar Menez", "du Bout du Monde". */
const LINK = "de la |de l[’']|des |du |de |d[’']|la |le |les |ar |an |al |aux |au |en |à la ";
const NAME_WORD = "(?!(?:ET|OU|EN|AU|N)(?![\\p{L}]))[A-ZÀ-ÖØ-Þ][\\p{L}\\p{M}’'-]*|[A-ZÀ-ÖØ-Þ]\\.";
/** "rue", "Rue", "RUE": the name after it must have its capitals, so the pattern minds them. */
const anyCase = (words: string): string =>
  words
    .split("|")
    .flatMap((word) => [word, (word.at(0) ?? "").toUpperCase() + word.slice(1), word.toUpperCase()])
    .join("|");
const PLACE = new RegExp(
  `(?<![\\p{L}])(?:\\d{1,4}(?: ?(?:bis|ter))?,? )?(?:${anyCase(SORT)}) (?:${anyCase(LINK)})*(?:${NAME_WORD}|\\d{1,2} \\p{L}+ \\d{4})(?:[ -](?:${anyCase(LINK)})*(?:${NAME_WORD}))*`,
  "gu",
);
/** Roads of the department and the nation. */
const ROAD = /(?<![\p{L}\d])(?:(?:RD|RN|VC)\s?n?°?\s?|[DN])\d{1,4}(?![\p{L}\d])/gu;
/** The town hall's own letterhead is on every act, and no act is about it. */
const LETTERHEAD = /courriel|www\.|@|\bt[eé]l\b|\bfax\b|h[oô]tel de ville|mairie annexe/i;
const MOST = 100;

/** Streets, quays, halls, roads that the document names, each once, as printed, in reading order. */
export function placesIn(sheets: readonly Sheet[]): readonly Stated<string>[] {
  return distinct(sheets.flatMap(placesOn), MOST);
}

function placesOn(sheet: Sheet): readonly Stated<string>[] {
  const lines = sheet.printed.split("\n");
  const isLetterhead = (line: number): boolean =>
    [lines[line - 1], lines[line], lines[line + 1]].some((text) => LETTERHEAD.test(text ?? ""));
  return [PLACE, ROAD]
    .flatMap((pattern) => [...sheet.printed.matchAll(pattern)])
    .filter((match) => !isLetterhead(sheet.printed.slice(0, match.index).split("\n").length - 1))
    .sort((a, b) => a.index - b.index)
    .map((match) => {
      const evidence = quoteAt(sheet, match.index, match.index + match[0].length);
      return { value: evidence.quote, evidence };
    });
}
