import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { barOf, plain, progressBar, table } from "../../scripts/terminal.ts";

const screen = (isTTY: boolean) => {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream };
};

describe("what a command shows on a terminal", () => {
  it("obeys no control character that a vendor or a stored record put into a name", () => {
    assert.equal(plain("a\u001b[2Jb\r\n\u202ec"), "a?[2Jb???c");
    const drawn = table(["name"], [["x\u001b]0;title\u0007"]]);
    assert.deepEqual([drawn.includes("\u001b"), drawn.includes("\u0007"), drawn.includes("x?]0;title?")], [false, false, true]);
  });

  it("has a progress bar only where a person looks at it: a log gets not one character", () => {
    const [pipe, terminal] = [screen(false), screen(true)];
    for (const { stream } of [pipe, terminal]) {
      const bar = progressBar("verdicts", stream);
      bar.show(1, 4);
      bar.end();
    }
    assert.deepEqual(pipe.written, []);
    assert.match(terminal.written[0] ?? "", /\[#######\s+\] 1\/4 verdicts$/);
  });

  it("fills the bar from nothing to all, and never over its end", () => {
    assert.deepEqual(
      [barOf(0, 3), barOf(3, 3), barOf(5, 3), barOf(0, 0)].map((bar) => bar.match(/#/g)?.length ?? 0),
      [0, 30, 30, 30],
    );
  });
});
