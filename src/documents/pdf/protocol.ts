import { z } from "zod";
import { PAGE_FLAGS } from "../page.ts";

/** What the text program is asked, once; the PDF's bytes follow. */
export interface TextTask {
  readonly hasBytes: true;
  readonly maxPages: number;
  readonly maxChars: number;
}

const refused = z.strictObject({
  kind: z.literal("refused"),
  why: z.enum(["password", "damaged", "too-many-pages", "too-long", "no-such-page"]),
});
export type Why = z.infer<typeof refused>["why"];

/**
 * What the text program says: "opened", "read" after each page, then every "page" and "done"; or "refused" at any point.
 * Pages come last, because what one of them is worth shows only beside the others. Checked, because a hostile file may have taken it over.
 */
export const textMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("opened"), total: z.int().min(0) }),
  z.strictObject({ kind: z.literal("read") }),
  z.strictObject({
    kind: z.literal("page"),
    text: z.string(),
    readable: z.enum(["text", "empty", "stamp", "garbled"]),
    flags: z.array(z.enum(PAGE_FLAGS)).max(PAGE_FLAGS.length).readonly(),
  }),
  z.strictObject({ kind: z.literal("done"), activeContent: z.boolean() }),
  refused,
]);
export type TextMessage = z.infer<typeof textMessage>;

/** What the picture program is asked: first to open a PDF, whose bytes follow, then for page after page. */
export type PictureTask =
  | { readonly kind: "open"; readonly hasBytes: true }
  | { readonly kind: "render"; readonly page: number; readonly longSide: number; readonly turn: number };

/** "opened", then a "picture" for each page, with a PNG behind it. */
export const pictureMessage = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("opened"), total: z.int().min(0) }),
  z.strictObject({ kind: z.literal("picture"), width: z.int().min(1), height: z.int().min(1), dpi: z.number().positive() }),
  refused,
]);
export type PictureMessage = z.infer<typeof pictureMessage>;
