import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../../scripts/command.ts";
import { sinceOf, untilOf } from "../../scripts/instant.ts";

const NOW = new Date("2026-06-15T10:00:00Z");
const since = (words: string, zone = "Europe/Paris") => sinceOf("since", words, NOW, zone)?.toISOString();
const until = (words: string, zone = "Europe/Paris") => untilOf("until", words, NOW, zone)?.toISOString();

describe("a time that a person types", () => {
  it("may be a span before now", () => {
    assert.deepEqual(
      ["90m", "24h", "7d", "2w"].map((words) => since(words)),
      ["2026-06-15T08:30:00.000Z", "2026-06-14T10:00:00.000Z", "2026-06-08T10:00:00.000Z", "2026-06-01T10:00:00.000Z"],
    );
  });

  it("may be a day, which begins and ends at midnight of the town's clock, in summer and in winter", () => {
    assert.deepEqual([since("2026-01-10"), until("2026-01-10")], ["2026-01-09T23:00:00.000Z", "2026-01-10T23:00:00.000Z"]);
    assert.deepEqual([since("2026-07-10"), until("2026-07-10")], ["2026-07-09T22:00:00.000Z", "2026-07-10T22:00:00.000Z"]);
    assert.equal(since("2026-07-10", "Pacific/Tahiti"), "2026-07-10T10:00:00.000Z");
  });

  it("makes the two days on which the clock changes 23 and 25 hours long", () => {
    const hours = (day: string) => (Date.parse(until(day) ?? "") - Date.parse(since(day) ?? "")) / 3_600_000;
    assert.deepEqual([hours("2026-03-29"), hours("2026-10-25"), hours("2026-06-15")], [23, 25, 24]);
  });

  it("may be an instant with its zone, and is refused without one", () => {
    assert.equal(since("2026-02-28T08:00:00+01:00"), "2026-02-28T07:00:00.000Z");
    assert.throws(() => since("2026-02-28T08:00:00"), UsageError);
  });

  it("is refused when it is none, with the option's name", () => {
    for (const words of ["", "yesterday", "2026-02-30", "2026-13-01", "7", "7y", "-1h", "2026-02-28T25:00:00Z"]) {
      assert.throws(() => since(words), /--since is a time such as/, words);
    }
  });
});
