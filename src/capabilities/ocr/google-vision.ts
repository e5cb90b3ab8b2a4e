import { z } from "zod";
import type { Config } from "../../config.ts";
import { Fault, type FaultKind } from "../../core/fault.ts";
import { detailsOf, kindOfDetails, reasonOf, retryAtOf } from "../google-error.ts";
import { askVendor, kindOfStatus, retryAfter, vendorFault, wireFault } from "../wire.ts";
import type { OcrAnswer, OcrProvider, OcrRequest } from "./contract.ts";
import { readingOf } from "./layout.ts";
import { visionPageEur } from "./price.ts";
import { layoutOf, VisionAnswer } from "./vision-answer.ts";

const NAME = "google-vision";

/** Google Cloud Vision's text of documents, over plain REST: one call needs no package. Passed over without a key. */
export const googleVision = (config: Config): OcrProvider => {
  const callMs = config.CLOUD_CALL_S * 1000;
  const { GOOGLE_VISION_API_KEY: key, GOOGLE_VISION_BASE_URL: base } = config;
  return {
    name: NAME,
    site: { kind: "cloud", country: countryOf(new URL(base).origin) },
    ...(key === undefined && { unavailable: "no-key" as const }),
    callMs,
    costEur: visionPageEur,
    call: (request, { signal: caller }) =>
      askVendor({
        ms: callMs,
        caller,
        load: async () => undefined,
        ask: (_, signal) => ask({ url: `${base}/v1/images:annotate?fields=${FIELDS}`, key: key ?? "" }, request, signal),
        faultOf: (error) => wireFault(NAME, error),
      }),
  };
};

/** "ZZ", ISO 3166's unknown country, for a gateway: outside the EU, as far as the policy is concerned. */
function countryOf(origin: string): string {
  if (origin === "https://eu-vision.googleapis.com") return "EU";
  return /^https:\/\/(us-)?vision\.googleapis\.com$/.test(origin) ? "US" : "ZZ";
}

/** Without the same words once more in another shape, which would double the answer. */
const FIELDS = "responses(error,fullTextAnnotation)";

/** Google takes no larger request. */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
/** A dense page is about 3 MB of JSON. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

interface Address {
  readonly url: string;
  readonly key: string;
}

async function ask({ url, key }: Address, request: OcrRequest, signal: AbortSignal): Promise<OcrAnswer> {
  const body = JSON.stringify({ requests: [questionOf(request)] });
  if (body.length > MAX_REQUEST_BYTES) throw new Fault("prompt-too-long", `${NAME} takes no picture of more than 10 MB: nothing was sent`);
  const response = await fetch(url, {
    method: "POST",
    // The key is in no address: addresses end in the logs of every proxy on the way.
    headers: { "content-type": "application/json", "x-goog-api-key": key },
    body,
    signal,
    // A redirect would carry the page to an address that no setting names.
    redirect: "manual",
  });
  const said = await textOf(response);
  if (response.status !== 200) throw faultOfStatus(response, said);
  return answerOf(said, request);
}

const questionOf = ({ png, languages }: OcrRequest) => ({
  image: { content: Buffer.from(png.buffer, png.byteOffset, png.byteLength).toString("base64") },
  features: [{ type: "DOCUMENT_TEXT_DETECTION" }],
  // A language that Google does not know is an error there: Breton is left out, and read all the same.
  imageContext: { languageHints: languages.flatMap((language) => HINTS[language] ?? []) },
});

const HINTS: Readonly<Record<string, string>> = { fra: "fr", eng: "en" };

/** The whole body; one without an end must not fill the memory before the deadline comes. */
async function textOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw vendorFault(NAME, "server-error", { cause: undefined });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function answerOf(said: string, request: OcrRequest): OcrAnswer {
  const parsed = VisionAnswer.safeParse(JSON.parse(said));
  if (!parsed.success) throw vendorFault(NAME, "server-error", { cause: undefined, status: 200 });
  const { error } = parsed.data.responses[0];
  if (error !== undefined) throw faultOfPicture(error);
  return { ...readingOf(layoutOf(parsed.data, request)), model: "vision document-text", tokensIn: undefined, tokensOut: undefined };
}

const ErrorBody = z.object({ error: z.object({ status: z.string().optional(), details: z.array(z.unknown()).catch([]) }) });

function faultOfStatus({ status, headers }: Response, said: string): Fault {
  const { error } = ErrorBody.safeParse(jsonOf(said)).data ?? {};
  const details = detailsOf(error?.details ?? []);
  const kind = kindOfDetails(status, details) ?? kindOfStatus(status);
  return vendorFault(NAME, kind, {
    cause: undefined,
    status,
    word: reasonOf(details) ?? error?.status,
    // A delay of seconds is sent even when the quota of the day is gone.
    retryAt: kind === "rate-limited" ? (retryAtOf(details) ?? retryAfter(headers)) : undefined,
  });
}

/** A proxy's web page: the status says all there is. */
function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

/** Google says "200" and puts what became of the one picture inside, with the numbers of google.rpc.Code. */
function faultOfPicture({ code, details: said }: { readonly code: number; readonly details: readonly unknown[] }): Fault {
  // "Bad image data.": no other engine is troubled with it.
  if (code === 3) return new Fault("unreadable-document", `${NAME} cannot read the page as a picture (code 3)`, { status: 200 });
  const details = detailsOf(said);
  const kind = kindOfDetails(code === 8 ? 429 : 200, details) ?? KIND_OF_CODE[code] ?? "unknown";
  return vendorFault(NAME, kind, { cause: undefined, status: 200, word: `code_${code}`, retryAt: retryAtOf(details) });
}

const KIND_OF_CODE: Readonly<Record<number, FaultKind>> = {
  2: "server-error",
  4: "timed-out",
  7: "unauthorized",
  8: "rate-limited",
  10: "server-error",
  13: "server-error",
  14: "server-error",
  16: "unauthorized",
};
