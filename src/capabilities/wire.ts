import { codeOf, Fault, type FaultKind } from "../core/fault.ts";

export interface VendorCall<Sdk, Value> {
  /** Upper bound for the whole call in ms, headers and body. */
  readonly ms: number;
  /** The caller's signal; its reason is a Fault. */
  readonly caller: AbortSignal;
  /** Imports the vendor's SDK, before the clock starts: the first time can block for two seconds that are not the vendor's. */
  load(): Promise<Sdk>;
  /** Must hand the signal to the socket. Not called at all when the caller has already given up. */
  ask(sdk: Sdk, signal: AbortSignal): Promise<Value>;
  /** What the SDK's error means; asked only when nobody aborted. */
  faultOf(error: unknown): Fault;
}

/**
 * Asks a vendor once, under a deadline of our own joined to the caller's signal.
 *
 * One controller and one timer, no `AbortSignal.any` or `.timeout`: those are lost to garbage collection on some Nodes, and
 * vendors' own timers stop at the headers (Anthropic) or are never cleared (Google).
 *
 * @throws the caller's own reason when that is a Fault, else "cancelled"; "timed-out" at the deadline; else what `faultOf` says
 */
export async function askVendor<Sdk, Value>({ ms, caller, load, ask, faultOf }: VendorCall<Sdk, Value>): Promise<Value> {
  if (caller.aborted) throw reasonOf(caller);
  const sdk = await load().catch((error: unknown) => {
    throw Fault.from(error, "loading a provider's package");
  });
  const controller = new AbortController();
  const { signal } = controller;
  const giveUp = () => controller.abort(reasonOf(caller));
  const stop = after(ms, () => controller.abort(new Fault("timed-out", `no complete answer within ${ms / 1000} s`)));
  if (caller.aborted) giveUp();
  else caller.addEventListener("abort", giveUp, { once: true });
  try {
    signal.throwIfAborted();
    const value = await ask(sdk, signal);
    // An SDK can resolve in the moment it is told to stop: what comes after the caller gave up is nobody's answer.
    signal.throwIfAborted();
    return value;
  } catch (error) {
    if (signal.aborted) throw signal.reason as Fault;
    throw error instanceof Fault ? error : faultOf(error);
  } finally {
    stop();
    caller.removeEventListener("abort", giveUp);
  }
}

/** The one kind of timer of a call. @returns what stops it: whoever starts one must call that, however the call ends */
export function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

function reasonOf(caller: AbortSignal): Fault {
  const reason: unknown = caller.reason;
  return reason instanceof Fault ? reason : new Fault("cancelled", "the call was given up by its caller", { cause: reason });
}

/**
 * What Node's own network errors mean, for every client built on its `fetch`: by code, anywhere in the chain of causes.
 *
 * @returns undefined when the error did not come from the wire
 */
export function wireKind(error: unknown): FaultKind | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 6; inner = inner.cause, depth++) {
    // A body that is cut, empty, or a web page in place of JSON.
    if (inner instanceof SyntaxError) return "server-error";
    const code = codeOf(inner);
    const kind = code === undefined ? undefined : kindOfCode(code);
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** Nothing reached the vendor: nobody there, no such name, no route, or a certificate we must not believe (T01, T04 to T06). */
const UNREACHABLE =
  /^(E(CONNREFUSED|NOTFOUND|AI_AGAIN|AI_FAIL|TIMEDOUT|(HOST|NET)(UNREACH|DOWN)|ACCES|PERM|ADDRNOTAVAIL|PROTO)|UND_ERR_CONNECT_TIMEOUT|CERT_.*|.*_CERT(IFICATE)?(_.*)?|UNABLE_TO_.*|ERR_(TLS|SSL)_.*|HOSTNAME_MISMATCH)$/;
/** It was reached and broke off, or spoke no HTTP (T02, T03, T12, T17). */
const BROKEN_OFF = /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_(SOCKET|RES_CONTENT_LENGTH_MISMATCH)|HPE_.*|Z_.*_ERROR)$/;
/** Node's own limits of 300 s, met only where a setting allows a longer call (T07, T08). */
const TOO_SLOW = /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/;

function kindOfCode(code: string): FaultKind | undefined {
  if (UNREACHABLE.test(code)) return "unreachable";
  if (BROKEN_OFF.test(code)) return "server-error";
  return TOO_SLOW.test(code) ? "timed-out" : undefined;
}

/**
 * When a vendor says it may be asked again, from `Retry-After`: seconds or an HTTP date; or from `retry-after-ms`, the more exact.
 *
 * @returns undefined when the header is missing or unreadable; the past is given back as it is
 */
export function retryAfter(headers: Headers | undefined, now = new Date()): Date | undefined {
  const ms = headers?.get("retry-after-ms")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(ms)) return inSeconds(Number(ms) / 1000, now);
  const value = headers?.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return inSeconds(Number(value), now);
  // `Date.parse` also reads "-5" and "12 apples": an HTTP date begins with the day's name.
  return /^[A-Z][a-z]{2}/.test(value) ? validDate(Date.parse(value)) : undefined;
}

/** @returns undefined when that is no time a clock can show */
export const inSeconds = (seconds: number, now = new Date()): Date | undefined => validDate(now.getTime() + seconds * 1000);

function validDate(ms: number): Date | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** What HTTP itself says with a status, before a vendor's own words. A redirect counts as a wrong address: it is never followed. */
export function kindOfStatus(status: number): FaultKind {
  if (status >= 500 || (status >= 200 && status < 300)) return "server-error";
  if (status >= 300 && status < 400) return "misconfigured";
  return KIND_OF_STATUS[status] ?? "unknown";
}

const KIND_OF_STATUS: Readonly<Record<number, FaultKind>> = {
  400: "misconfigured",
  401: "unauthorized",
  402: "quota-exhausted",
  403: "unauthorized",
  404: "misconfigured",
  405: "misconfigured",
  408: "timed-out",
  413: "prompt-too-long",
  415: "misconfigured",
  422: "misconfigured",
  429: "rate-limited",
};

/** What a person reads, and what they can do about it. */
const SENTENCES: Partial<Record<FaultKind, string>> = {
  unreachable: "cannot be reached",
  "timed-out": "took too long",
  "server-error": "failed on its side, or sent no complete answer",
  "rate-limited": "asks to wait",
  "quota-exhausted": "has no quota or credit left for us: see its console",
  unauthorized: "refuses our key or our account: check the key in the settings",
  "model-missing": "does not have the model: check its name in the settings",
  misconfigured: "does not take the request as we make it: check its address and model in the settings",
  "prompt-too-long": "does not take a text this long",
  refused: "will not answer this text: a person must look at it",
};

export interface WireDetails {
  readonly cause: unknown;
  readonly status?: number | undefined;
  /** The vendor's own word for it; shown only when it is one plain word, since vendors quote the request in theirs. */
  readonly word?: unknown;
  readonly retryAt?: Date | undefined;
}

/** A fault of a vendor's call that says who, what and what to do, and nothing of the request or the answer. */
export function vendorFault(provider: string, kind: FaultKind, { cause, status, word, retryAt }: WireDetails): Fault {
  const signs = [status === undefined ? undefined : `HTTP ${status}`, plainWord(word)].filter((sign) => sign !== undefined);
  const what = SENTENCES[kind] ?? "failed in a way nobody foresaw";
  return new Fault(kind, `${provider} ${what}${signs.length > 0 ? ` (${signs.join(", ")})` : ""}`, { cause, status, retryAt });
}

/** A fault for an error without any answer of the vendor: one of ours that an SDK wrapped, a network error by its code, else "unknown". */
export function wireFault(provider: string, error: unknown): Fault {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 6; inner = inner.cause, depth++) {
    if (inner instanceof Fault) return inner;
  }
  const kind = wireKind(error);
  return kind === undefined ? Fault.from(error, provider) : vendorFault(provider, kind, { cause: error });
}

const plainWord = (word: unknown): string | undefined => (typeof word === "string" && /^[A-Za-z0-9_]{1,60}$/.test(word) ? word : undefined);
