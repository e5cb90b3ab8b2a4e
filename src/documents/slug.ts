/** Long enough to recognise a document, short enough for any file system with the parts that come before and after. */
const MAX_SLUG_CHARS = 60;

/**
 * A file's name as a word for paths and addresses: lower-case ASCII letters, figures and single hyphens.
 *
 * @param file  a name or a path with "/" or "\"; its folders and its extension do not count; "%C2%B0" is read as "°"
 * @returns     1 to 60 characters; "document" when nothing of the name is left
 */
export function slugOf(file: string): string {
  const slug = decoded(stemOf(file))
    .replace(/[œŒ]/g, "oe")
    .replace(/[æÆ]/g, "ae")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_CHARS)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "document" : slug;
}

/** The name without its folders and its extension. */
export const stemOf = (file: string): string => (file.split(/[/\\]/).at(-1) ?? "").replace(/(?<=.)\.[^.\s]{1,8}$/, "");

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A "%" that is only a per cent sign.
    return name;
  }
}
