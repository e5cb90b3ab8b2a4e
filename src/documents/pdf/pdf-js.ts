/** The part of pdf.js that is used here, as its documentation promises it. */
export interface PdfJs {
  getDocument(options: Readonly<Record<string, unknown>>): { readonly promise: Promise<PdfDocument> };
  /** The number of each operator. */
  readonly OPS: Readonly<Record<string, number>>;
  readonly AnnotationMode: { readonly DISABLE: number };
}

export interface PdfDocument {
  readonly numPages: number;
  /** @param number 1-based */
  getPage(number: number): Promise<PdfPage>;
  hasJSActions(): Promise<boolean>;
  readonly canvasFactory: { create(width: number, height: number): { readonly canvas: Canvas; readonly context: unknown } };
}

export interface PdfPage {
  /** What the page shows of its sheet: left, bottom, right, top, in points. */
  readonly view: readonly [number, number, number, number];
  /** Degrees clockwise. */
  readonly rotate: number;
  getViewport(options: { readonly scale: number; readonly rotation?: number }): Viewport;
  getTextContent(): Promise<{ readonly items: readonly TextContent[] }>;
  getOperatorList(options: {
    readonly annotationMode: number;
  }): Promise<{ readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] }>;
  render(options: Readonly<Record<string, unknown>>): { readonly promise: Promise<void> };
  readonly commonObjs: { has(name: string): boolean; get(name: string): unknown };
  cleanup(): void;
}

interface Viewport {
  readonly width: number;
  readonly height: number;
  convertToViewportPoint(x: number, y: number): readonly number[];
}

/** A piece of text, or a mark between pieces. */
type TextContent =
  | {
      readonly str: string;
      readonly transform: readonly unknown[];
      readonly width: number;
      readonly height: number;
      readonly hasEOL: boolean;
    }
  | { readonly type: string };

interface Canvas {
  encode(format: "png"): Promise<Uint8Array>;
}
