/** The few calls of pdfkit the tests use: it ships no types for them. */
declare module "pdfkit" {
  import type { Readable } from "node:stream";

  interface Options {
    readonly autoFirstPage?: boolean;
    readonly compress?: boolean;
    readonly userPassword?: string;
    readonly ownerPassword?: string;
    readonly pdfVersion?: "1.3" | "1.4" | "1.5" | "1.6" | "1.7" | "1.7ext3";
    readonly permissions?: Readonly<Record<string, boolean | string>>;
  }

  export default class PDFDocument extends Readable {
    constructor(options?: Options);
    addPage(options?: { readonly size?: "A4"; readonly layout?: "portrait" | "landscape" }): this;
    fontSize(points: number): this;
    fillColor(colour: string): this;
    text(text: string, x?: number, y?: number, options?: { readonly width?: number; readonly lineBreak?: boolean }): this;
    polygon(...corners: readonly (readonly [x: number, y: number])[]): this;
    fill(colour: string): this;
    /** Points from the upper left corner of the page; `fit` keeps the picture's form. */
    image(picture: Buffer, x: number, y: number, options: { readonly fit: readonly [width: number, height: number] }): this;
    end(): void;
  }
}
