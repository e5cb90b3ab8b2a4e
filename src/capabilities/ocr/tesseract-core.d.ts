/** What we use of Tesseract's own C++ interface, compiled to WebAssembly; the package has no types. */
declare module "tesseract.js-core/tesseract-core-simd-lstm.js" {
  interface Api {
    /** @returns 0 when the language is there */
    Init(folder: string, language: string, engineMode: number): number;
    SetVariable(name: string, value: string): boolean;
    /** Reads the file named "/input". @returns 0 when it is a picture */
    SetImageFile(exifOrientation: number, angle: number): number;
    /** @returns 0 when it was read */
    Recognize(monitor: null): number;
    GetTSVText(page: number): string;
  }
  interface Core {
    readonly FS: { writeFile(name: string, content: Uint8Array): void };
    readonly TessBaseAPI: new () => Api;
  }
  const load: (settings: object) => Promise<Core>;
  export default load;
}
