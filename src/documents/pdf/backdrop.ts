import { areaOf, type Box, holds, shared } from "./geometry.ts";

/** What lies under a point of the page: a colour, or `undefined` where it cannot be known. */
export interface Backdrop {
  /** A rectangle of one colour; `undefined` for a picture, a pattern or a form whose outline is not known. */
  cover(box: Box, colour: string | undefined): void;
  /** Whether letters of this colour cannot be told from what is under them, a little above the foot of a line. */
  hides(colour: string | undefined, x: number, y: number): boolean;
}

/** Thinner is a rule of a table: nothing is read on it. */
const MIN_SIDE = 3;
/** A drawing with more surfaces is not looked through for each letter; then everything counts as seen. */
const MAX_COVERS = 4_000;
/** Darker than this, white paper shows it. */
const NEARLY_WHITE = 0xf4;

/** Paper is white, and what is painted later lies above. */
export function whitePaper(): Backdrop {
  const covers: { readonly box: Box; readonly colour: string | undefined }[] = [];
  const colours = new Set<string>();
  return {
    cover(box, colour) {
      if (box[2] - box[0] < MIN_SIDE || box[3] - box[1] < MIN_SIDE || covers.length > MAX_COVERS) return;
      covers.push({ box, colour });
      if (colour !== undefined) colours.add(colour);
    },
    hides(colour, x, y) {
      // Most text is neither white nor in the colour of any surface: nothing to look through.
      if (colour === undefined || covers.length > MAX_COVERS || !(isNearlyWhite(colour) || colours.has(colour))) return false;
      const under = covers.findLast(({ box }) => holds(box, x, y));
      return under === undefined
        ? isNearlyWhite(colour)
        : under.colour === colour || (under.colour !== undefined && isNearlyWhite(colour) && isNearlyWhite(under.colour));
    },
  };
}

/** The share of the page that pictures cover, 0 to 1; strips beside each other add up. */
export const shareOf = (pictures: readonly Box[], view: Box): number => {
  const covered = pictures.reduce((sum, picture) => sum + areaOf(shared(picture, view)), 0);
  return areaOf(view) <= 0 ? 0 : Math.min(1, covered / areaOf(view));
};

function isNearlyWhite(colour: string): boolean {
  const channels = colour.match(/[0-9a-f]{2}/g) ?? [];
  return channels.length === 3 && channels.every((channel) => Number.parseInt(channel, 16) >= NEARLY_WHITE);
}
