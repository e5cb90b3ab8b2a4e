/** Names that only stand in a file that wants to do something: run a script or a program, or carry another file with it. */
const NAMES = ["/JavaScript", "/JS ", "/JS(", "/Launch", "/EmbeddedFile", "/RichMedia"];

/**
 * Whether a PDF says in plain words that it carries something active. Nothing of it is unpacked: an attachment may be a bomb.
 * What is said inside a packed part of the file is not found here; for scripts pdf.js is asked as well.
 */
export const hasActiveContent = (content: Buffer): boolean => NAMES.some((name) => content.includes(name));
