/**
 * A program: reads one picture from its standard input and writes Tesseract's table to its standard output.
 *
 * Its own process and not a thread: Tesseract works without a pause, so whoever gives up can only kill it.
 */
import { readFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import load from "tesseract.js-core/tesseract-core-simd-lstm.js";

/** Only the neural engine: the data has no other. */
const LSTM_ONLY = 1;

const [pageMode = "", dpi = "", thresholding = ""] = process.argv.slice(2);
const settings = { tessedit_pageseg_mode: pageMode, user_defined_dpi: dpi, thresholding_method: thresholding };
const french = fileURLToPath(import.meta.resolve("@tesseract.js-data/fra/4.0.0_best_int/fra.traineddata.gz"));
const core = await load({});
core.FS.writeFile("/fra.traineddata", gunzipSync(readFileSync(french)));
core.FS.writeFile("/input", readFileSync(0));
const api = new core.TessBaseAPI();
const isReady = api.Init("/", "fra", LSTM_ONLY) === 0 && Object.entries(settings).every(([name, value]) => api.SetVariable(name, value));
if (!isReady || api.SetImageFile(1, 0) !== 0 || api.Recognize(null) !== 0) process.exit(1);
for (let rest = Buffer.from(api.GetTSVText(0)); rest.length > 0; ) rest = rest.subarray(writeSync(1, rest));
process.exit(0);
