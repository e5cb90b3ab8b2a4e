import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newLine } from "../../src/lock/line.ts";

/** Enters callers in the given order, lets each leave as soon as it is called, and says in which order they were called. */
async function calledOf(entering: readonly (readonly [name: string, priority: number])[]): Promise<readonly string[]> {
  const line = newLine();
  const called: string[] = [];
  await Promise.all(
    entering.map(async ([name, priority]) => {
      const place = line.enter(priority);
      await place.turn;
      called.push(name);
      place.leave();
    }),
  );
  return called;
}

describe("the line inside one process", () => {
  it("calls the more urgent first and equals in order of arrival, but never puts anybody before the one it has called", async () => {
    const entering = [
      ["doc 1", 10],
      ["doc 2", 10],
      ["person 1", 1],
      ["batch", 5],
      ["person 2", 1],
      ["doc 3", 10],
    ] as const;
    assert.deepEqual(await calledOf(entering), ["doc 1", "person 1", "person 2", "batch", "doc 2", "doc 3"]);
  });

  it("loses nobody, whoever leaves it before being called", async () => {
    const line = newLine();
    const places = Array.from({ length: 100 }, (_, index) => line.enter((index * 7) % 10));
    const gone = places.filter((_, index) => index % 3 === 1);
    for (const place of gone) place.leave();
    let called = 0;
    const stay = places.filter((place) => !gone.includes(place));
    await Promise.all(
      stay.map(async (place) => {
        await place.turn;
        called += 1;
        place.leave();
      }),
    );
    assert.equal(called, stay.length);
  });

  it("calls nobody while the one inside stays, and nobody twice when somebody leaves twice", async () => {
    const line = newLine();
    const [first, second, third] = [line.enter(1), line.enter(1), line.enter(1)];
    let isThirdCalled = false;
    void third.turn.then(() => (isThirdCalled = true));
    await first.turn;
    first.leave();
    first.leave();
    await second.turn;
    await new Promise(setImmediate);
    assert.equal(isThirdCalled, false);
    second.leave();
    await third.turn;
  });
});
