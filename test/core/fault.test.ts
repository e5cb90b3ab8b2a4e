import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { Fault } from "../../src/core/fault.ts";

describe("a fault", () => {
  it("never shows the message of the error underneath, which may quote a citizen's letter", () => {
    const vendor = new Error("bad input: SENTENCE-OF-A-CITIZEN", { cause: Object.assign(new Error("x"), { code: "ECONNRESET" }) });
    const fault = new Fault("unreachable", "openai closed the connection", { cause: vendor });
    assert.doesNotMatch(inspect(fault, { depth: 9 }) + JSON.stringify(fault) + fault.causes, /SENTENCE/);
    assert.equal(fault.causes, "Error < ECONNRESET");
  });

  it("calls an error that nobody foresaw unknown, without its message", () => {
    const fault = Fault.from(new TypeError("SENTENCE-OF-A-CITIZEN"));
    assert.equal(fault.kind, "unknown");
    assert.doesNotMatch(fault.message, /SENTENCE/);
  });
});
