import { distance } from "fastest-levenshtein";

/** Ollama's own settings: near our names, and none of our business. */
const FOREIGN = /^OLLAMA_(MODELS|HOSTS?_.*|NUM_GPU|NUM_THREAD|LOAD_TIMEOUT|NO_CLOUD|API_KEY|ORIGINS|DEBUG|MAX_.*)$/;

/** What the environment names almost like a setting: a line each, for who meant the setting. */
export function slips(names: readonly string[], settings: readonly string[]): string[] {
  return names
    .filter((name) => !settings.includes(name) && !FOREIGN.test(name) && name.length >= 6)
    .flatMap((name) => {
      const near = settings.find((known) => known.length >= 6 && isSlipOf(known, name));
      return near === undefined ? [] : [`${name} is not a setting: did you mean ${near}?`];
    });
}

/** One letter too many, too few or another one, or two neighbours swapped. */
function isSlipOf(known: string, name: string): boolean {
  const edits = distance(known, name);
  if (edits !== 2 || known.length !== name.length) return edits <= 1;
  const at = [...known].findIndex((letter, index) => letter !== name[index]);
  return known[at] === name[at + 1] && known[at + 1] === name[at] && known.slice(at + 2) === name.slice(at + 2);
}
