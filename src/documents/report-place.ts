import type { Box } from "./analysis.ts";
import { type Html, html } from "./html.ts";

/** Above this share of its height, a quote stands nowhere in particular. */
const MOST_OF_THE_PAGE = 0.6;
/** A line of text takes more; a stamp, a number or an amount less. */
const NARROW = 0.5;

/** Where a quote stands, as one person tells another who has the page before them. */
export function placeWords({ left, top, width, height, turn }: Box): string {
  const [across, down] = [left + width / 2, top + height / 2];
  const level =
    height > MOST_OF_THE_PAGE
      ? "sur presque toute la page"
      : `${down < 1 / 3 ? "en haut" : down < 2 / 3 ? "au milieu" : "en bas"} de la page`;
  const side = width >= NARROW || (across >= 1 / 3 && across <= 2 / 3) ? "" : across < 1 / 2 ? ", à gauche" : ", à droite";
  return `${level}${side}${turn === 0 ? "" : ", une fois la page redressée"}`;
}

/** Of a sheet of A4; how the page really is cut is not known, and the shares hold for any. */
const SHEET = { width: 34, height: 48 } as const;
/** A mark that is thinner is not seen. */
const MIN_MARK = 2;

/** The outline of a page with the place marked on it. The words beside it say the same, so a screen reader passes it over. */
export function placeSketch({ left, top, width, height }: Box): Html {
  const inside = (from: number, length: number, whole: number): readonly [from: number, length: number] => {
    const shown = Math.min(whole, Math.max(MIN_MARK, length * whole));
    return [rounded(Math.min(from * whole, whole - shown) + 1), rounded(shown)];
  };
  const [x, wide] = inside(left, width, SHEET.width);
  const [y, high] = inside(top, height, SHEET.height);
  return html`<svg class="place" viewBox="0 0 ${SHEET.width + 2} ${SHEET.height + 2}" aria-hidden="true"><rect class="leaf" x="1" y="1" width="${SHEET.width}" height="${SHEET.height}"/><rect class="mark" x="${x}" y="${y}" width="${wide}" height="${high}"/></svg>`;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
