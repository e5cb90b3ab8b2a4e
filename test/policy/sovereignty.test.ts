import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SkipReason } from "../../src/core/attempt.ts";
import type { DataClass, Site } from "../../src/core/provider.ts";
import { type Egress, whyNotThere } from "../../src/policy/sovereignty.ts";

const LOCAL: Site = { kind: "local" };
const cloud = (country: string): Site => ({ kind: "cloud", country });

/** The whole rule: setting, place, answer. */
const RULES: readonly (readonly [Egress, string, Site, SkipReason | "allowed"])[] = [
  ["off", "the local model", LOCAL, "allowed"],
  ["off", "France", cloud("FR"), "egress-refused"],
  ["off", "the United States", cloud("US"), "egress-refused"],
  ["eu", "the local model", LOCAL, "allowed"],
  ["eu", "France", cloud("FR"), "allowed"],
  ["eu", "an address promised to be inside the Union", cloud("EU"), "allowed"],
  ["eu", "the United States", cloud("US"), "outside-eu"],
  ["eu", "the United Kingdom", cloud("GB"), "outside-eu"],
  ["eu", "Switzerland", cloud("CH"), "outside-eu"],
  ["eu", "a place that nobody declared", cloud(""), "outside-eu"],
  ["eu", "a country written in another way", cloud("fr"), "outside-eu"],
  ["all", "the United States", cloud("US"), "allowed"],
];

describe("where a text may go", () => {
  for (const dataClass of ["document", "contribution"] as const) {
    for (const [egress, where, site, answer] of RULES) {
      it(`a ${dataClass}, with egress "${egress}", to ${where}: ${answer}`, () => {
        const others: Egress = egress === "all" ? "off" : "all";
        const policy = { document: others, contribution: others, [dataClass]: egress };
        assert.equal(whyNotThere(dataClass, site, policy) ?? "allowed", answer);
      });
    }
  }

  it("a class of text that the policy does not know stays at home, even when all others may leave", () => {
    assert.equal(whyNotThere("secret" as DataClass, cloud("FR"), { document: "all", contribution: "all" }), "egress-refused");
    assert.equal(whyNotThere("secret" as DataClass, LOCAL, { document: "off", contribution: "off" }), undefined);
  });

  it("a setting that nobody knows keeps the text at home", () => {
    assert.equal(whyNotThere("document", cloud("FR"), { document: "ALL" as Egress, contribution: "off" }), "egress-refused");
  });

  it("the Union has twenty-seven members", () => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".split("");
    const inside = letters
      .flatMap((a) => letters.map((b) => a + b))
      .filter((country) => whyNotThere("document", cloud(country), { document: "eu", contribution: "off" }) === undefined);
    assert.equal(inside.filter((country) => country !== "EU").length, 27);
  });
});
