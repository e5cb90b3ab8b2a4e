import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { placesOf } from "../../src/lock/places.ts";

const KEY = "lock:ollama:global";

describe("the places where local models run", () => {
  it("have the article's own key first, which other programs know, and further ones named after it", () => {
    assert.deepEqual(
      placesOf(KEY, ["http://a:11434", "http://b:11434"], 2).map(({ slot, locks }) => [slot, locks]),
      [
        ["ollama", [KEY, `${KEY}:2`]],
        ["ollama-2", [`${KEY}@2`, `${KEY}@2:2`]],
      ],
    );
  });

  it("have one guard each, however a program writes the address of this machine", () => {
    const hosts = [
      "http://localhost:11434",
      "http://127.0.0.1:11434",
      "http://[::1]:11434",
      "http://127.0.0.1:11435",
      "http://box",
      "https://box",
    ];
    const guards = hosts.map((host) => placesOf(KEY, [host], 1)[0]?.guard);
    assert.deepEqual(guards, ["127.0.0.1:11434", "127.0.0.1:11434", "127.0.0.1:11434", "127.0.0.1:11435", "box:80", "box:443"]);
  });
});
