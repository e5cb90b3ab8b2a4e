import { Fault } from "../../core/fault.ts";

/**
 * Whether the model that answered is the one that was asked, or a dated or numbered build of it.
 *
 * "gpt-5-mini-2025-08-07" is gpt-5-mini; gpt-5-pro is another model, and so is gpt-5.6-mini: its price, its terms and its
 * answers were agreed to by nobody. A name that ends in "-latest" leaves the number to the vendor, not the family.
 */
export function isAskedModel(asked: string, answered: string): boolean {
  const [ours, theirs] = [asked, answered].map((name) => name.replace(/^models\//, "")) as [string, string];
  if (theirs === ours) return true;
  if (ours.endsWith("-latest")) return familyOf(theirs) === familyOf(ours);
  return theirs.startsWith(ours) && BUILD.test(theirs.slice(ours.length));
}

/** "-001", "-0613", "-2512", "-20251001", "-2025-08-07", "@20251001", "-preview-09-2025". */
const BUILD = /^(-preview)?([-@]\d{3,4}|[-@]\d{8}|-\d{4}-\d{2}-\d{2}|-\d{2}-(\d{2}|\d{4}))$/;

const familyOf = (name: string): string =>
  name
    .split("-")
    .filter((word) => word !== "latest" && word !== "preview" && !/^v?[\d.]+$/.test(word))
    .join("-");

/**
 * Stops an answer of another model: a gateway or a wrong setting has put it there (faults.md S16, Q12).
 *
 * @throws Fault "model-missing"; the name is shown only when it is one plain word, since it comes from outside
 */
export function checkModel(provider: string, asked: string, answered: string): void {
  if (isAskedModel(asked, answered)) return;
  const shown = /^[a-z0-9][a-z0-9.:@/-]{0,60}$/i.test(answered) ? answered : "another model";
  throw new Fault("model-missing", `${provider} let ${shown} answer in place of ${asked}: check the model in the settings`, {
    status: 200,
  });
}
