/** Every way to fail. A new kind does not compile until `policy/reaction.ts` answers for it. */
export const FAULT_KINDS = [
  // the wire
  "unreachable",
  "timed-out",
  "server-error",
  // not now
  "busy",
  "rate-limited",
  "quota-exhausted",
  // a person must act
  "unauthorized",
  "model-missing",
  "misconfigured",
  // this text will not pass unchanged
  "prompt-too-long",
  "refused",
  // an answer we must not believe
  "truncated",
  "invalid-answer",
  // the input itself
  "invalid-payload",
  "unreadable-document",
  "document-changed",
  // ours, not the provider's
  "lease-lost",
  "cancelled",
  "redis-unavailable",
  // stop, send nothing more
  "egress-breach",
  "unknown",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface FaultDetails {
  /** The error underneath. Only its class name and code are ever shown, never its message. */
  readonly cause?: unknown;
  /** When the vendor says it may be asked again. */
  readonly retryAt?: Date | undefined;
  /** HTTP status, where there was one. */
  readonly status?: number | undefined;
}

/**
 * The only error that crosses a folder boundary.
 *
 * Its message says what, which one and what to do, and carries no text of a document, a contribution, a
 * prompt or an answer: what is thrown ends in logs and in Redis.
 */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly retryAt: Date | undefined;
  readonly status: number | undefined;

  constructor(kind: FaultKind, message: string, details: FaultDetails = {}) {
    super(message);
    this.name = "Fault";
    this.kind = kind;
    this.retryAt = details.retryAt;
    this.status = details.status;
    // Not `super(message, { cause })`: loggers and BullMQ print a cause whole, and a vendor's error can quote the letter.
    this.#cause = details.cause;
  }

  readonly #cause: unknown;

  /** Class names and codes of the errors underneath, outermost first: "APIConnectionError < TypeError < ECONNREFUSED". */
  get causes(): string {
    const names: string[] = [];
    for (let error = this.#cause; error instanceof Error && names.length < 6; error = error.cause) {
      names.push(codeOf(error) ?? error.constructor.name);
    }
    return names.join(" < ");
  }

  /** Any thrown thing as a fault: a fault stays itself, everything else is "unknown", without its message. */
  static from(error: unknown, what = "something"): Fault {
    if (error instanceof Fault) return error;
    const name = error instanceof Error ? (codeOf(error) ?? error.constructor.name) : typeof error;
    return new Fault("unknown", `${what} failed in a way nobody foresaw (${name})`, { cause: error });
  }
}

export const isFaultKind = (word: string): word is FaultKind => (FAULT_KINDS as readonly string[]).includes(word);

/** The system or library code of an error ("ECONNREFUSED", "UND_ERR_SOCKET"), when it is one plain word. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : undefined;
}
