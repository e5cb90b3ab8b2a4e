import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { askVendor, kindOfStatus, retryAfter, type VendorCall, vendorFault, wireFault, wireKind } from "../../src/capabilities/wire.ts";
import { Fault } from "../../src/core/fault.ts";

const SENTENCE = "une phrase d'une citoyenne";

function vendorCall(over: Partial<VendorCall<string, string>> = {}): VendorCall<string, string> {
  return {
    ms: 60_000,
    caller: new AbortController().signal,
    load: async () => "sdk",
    ask: async () => "answer",
    faultOf: (error) => wireFault("vendor", error),
    ...over,
  };
}

/** Like a socket: settles only when it is told to stop. */
const untilAborted = (_: string, signal: AbortSignal): Promise<string> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("the SDK's own words")), { once: true });
  });

describe("one call to a vendor", () => {
  it("ends at its deadline as timed-out, whatever the SDK calls it", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const asked = Promise.withResolvers<void>();
    const call = askVendor(
      vendorCall({
        ask: (sdk, signal) => {
          asked.resolve();
          return untilAborted(sdk, signal);
        },
      }),
    );
    await asked.promise;
    t.mock.timers.tick(60_000);
    await assert.rejects(call, (error) => error instanceof Fault && error.kind === "timed-out");
  });

  it("does not count the time that loading the SDK takes", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const load = async () => {
      t.mock.timers.tick(3_600_000);
      return "sdk";
    };
    assert.equal(await askVendor(vendorCall({ load })), "answer");
  });

  it("given up by its caller ends with the caller's own reason", async () => {
    const caller = new AbortController();
    const call = askVendor(vendorCall({ caller: caller.signal, ask: untilAborted, load: async () => "sdk" }));
    const lost = new Fault("lease-lost", "the lock is gone");
    caller.abort(lost);
    await assert.rejects(call, (error) => error === lost);
  });

  it("given up for a reason that is no fault of ours is cancelled", async () => {
    const caller = new AbortController();
    const call = askVendor(vendorCall({ caller: caller.signal, ask: untilAborted }));
    caller.abort(new Error(SENTENCE));
    await assert.rejects(call, (error) => error instanceof Fault && error.kind === "cancelled" && !error.message.includes(SENTENCE));
  });

  it("given up before it began loads nothing and asks nobody", async () => {
    const done: string[] = [];
    const call = vendorCall({
      caller: AbortSignal.abort(new Fault("cancelled", "shutting down")),
      load: async () => String(done.push("loaded")),
      ask: async () => String(done.push("asked")),
    });
    await assert.rejects(askVendor(call), (error) => error instanceof Fault && error.kind === "cancelled");
    assert.deepEqual(done, []);
  });

  it("throws away an answer that comes after its caller gave up", async () => {
    const caller = new AbortController();
    const ask = async () => {
      caller.abort(new Fault("lease-lost", "the lock is gone"));
      return "too late";
    };
    await assert.rejects(
      askVendor(vendorCall({ caller: caller.signal, ask })),
      (error) => error instanceof Fault && error.kind === "lease-lost",
    );
  });

  it("leaves no timer behind, so that a program with nothing left to do can end", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    await askVendor(vendorCall());
    await assert.rejects(askVendor(vendorCall({ ask: async () => Promise.reject(new Error("no")) })));
    assert.equal(timers(), before);
  });

  it("whose package cannot be loaded fails as unknown, and asks nobody else", async () => {
    const load = () => Promise.reject(Object.assign(new Error(SENTENCE), { code: "ERR_MODULE_NOT_FOUND" }));
    await assert.rejects(askVendor(vendorCall({ load })), (error) => error instanceof Fault && error.kind === "unknown");
  });
});

describe("a network error", () => {
  const under = (code: string) =>
    new Error("SDK", { cause: new TypeError("fetch failed", { cause: Object.assign(new Error(), { code }) }) });
  for (const [kind, codes] of [
    ["unreachable", ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]],
    [
      "unreachable",
      [
        "CERT_HAS_EXPIRED",
        "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "SELF_SIGNED_CERT_IN_CHAIN",
        "ERR_TLS_CERT_ALTNAME_INVALID",
        "ERR_SSL_WRONG_VERSION_NUMBER",
      ],
    ],
    [
      "server-error",
      ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "HPE_INVALID_CONSTANT", "Z_DATA_ERROR"],
    ],
    ["timed-out", ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]],
    [undefined, ["ERR_INVALID_ARG_TYPE", "UND_ERR_ABORTED", "ENOENT"]],
  ] as const) {
    it(`with ${codes.join(", ")} under it is ${kind ?? "nothing we know"}`, () => {
      for (const code of codes) assert.equal(wireKind(under(code)), kind, code);
    });
  }

  it("is told from a mistake of our own, which is unknown and goes to nobody else", () => {
    assert.equal(wireFault("vendor", new TypeError(`Cannot read ${SENTENCE}`)).kind, "unknown");
    assert.equal(wireFault("vendor", "a string").kind, "unknown");
  });
});

describe("a status", () => {
  it("means what HTTP says, and what it does not say is unknown", () => {
    const kinds = [200, 204, 302, 307, 400, 401, 402, 403, 404, 408, 413, 418, 422, 429, 500, 502, 503, 504, 529].map(kindOfStatus);
    assert.deepEqual(kinds, [
      "server-error",
      "server-error",
      "misconfigured",
      "misconfigured",
      "misconfigured",
      "unauthorized",
      "quota-exhausted",
      "unauthorized",
      "misconfigured",
      "timed-out",
      "prompt-too-long",
      "unknown",
      "misconfigured",
      "rate-limited",
      ...Array(5).fill("server-error"),
    ]);
  });
});

describe("the time to wait that a vendor names", () => {
  const now = new Date("2026-11-24T08:00:00Z");
  const read = (value: string) => retryAfter(new Headers({ "retry-after": value }), now)?.toISOString();

  it("is read as seconds or as a date", () => {
    assert.equal(read("90"), "2026-11-24T08:01:30.000Z");
    assert.equal(read("0.5"), "2026-11-24T08:00:00.500Z");
    assert.equal(read("Tue, 24 Nov 2026 09:00:00 GMT"), "2026-11-24T09:00:00.000Z");
  });

  it("is read from the more exact header when there are two, unless that one is no number", () => {
    const both = (ms: string) => retryAfter(new Headers({ "retry-after": "2", "retry-after-ms": ms }), now)?.toISOString();
    assert.equal(both("1250"), "2026-11-24T08:00:01.250Z");
    assert.equal(both("soon"), "2026-11-24T08:00:02.000Z");
  });

  it("is unknown when it is missing or no time", () => {
    for (const value of ["", "soon", "-5", "12 apples", "1e999", "9".repeat(400)]) assert.equal(read(value), undefined, value);
    assert.equal(retryAfter(undefined, now), undefined);
    assert.equal(retryAfter(new Headers(), now), undefined);
  });
});

describe("what a fault says", () => {
  it("is what it said before an SDK wrapped it", () => {
    const ours = new Fault("unreachable", "nobody there");
    assert.equal(wireFault("vendor", new Error("Connection error.", { cause: new TypeError("x", { cause: ours }) })), ours);
  });

  it("names the vendor, the status and one plain word, and never a phrase", () => {
    const plain = vendorFault("vendor", "rate-limited", { cause: undefined, status: 429, word: "rate_limit_error" });
    assert.equal(plain.message, "vendor asks to wait (HTTP 429, rate_limit_error)");
    const phrase = vendorFault("vendor", "rate-limited", { cause: new Error(SENTENCE), status: 429, word: SENTENCE });
    assert.equal(phrase.message, "vendor asks to wait (HTTP 429)");
    assert.doesNotMatch(phrase.causes, /citoyenne/);
  });
});
