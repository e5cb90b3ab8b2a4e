import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { isProvablyDead, ownerName, ownerValue } from "../../src/lock/owner.ts";
import { killed, tracked } from "../support/children.ts";

/** Our own value with other parts: 1 host, 2 boot, 3 namespace of process numbers, 4 process number, 5 its start. */
function valueWith(changes: Readonly<Record<number, string>>): string {
  const parts = ownerValue("validation.c-1").split("|");
  return parts.map((part, index) => changes[index] ?? part).join("|");
}

/** The number of a process that has ended. */
async function deadPid(): Promise<string> {
  const child = tracked(spawn(process.execPath, ["--version"], { stdio: "ignore" }));
  await once(child, "exit");
  return `${child.pid}`;
}

describe("the name on the lock", () => {
  it("is another one at each grant and tells a person which job of which process holds it", () => {
    assert.notEqual(ownerValue("validation.c-1"), ownerValue("validation.c-1"));
    assert.match(ownerName(ownerValue("validation.c-1")), new RegExp(`^validation\\.c-1 \\(.+, pid ${process.pid}\\)$`));
  });

  it("cannot be forged by a job's name, and has no line end or text in it", () => {
    const value = ownerValue("doc|9|9|9\nNous, élus | ecluse");
    assert.equal(value.split("|").length, 8);
    assert.match(value, /^[\w.|:-]+$/);
  });

  it("is shown as it is when a foreign program wrote it", () => {
    for (const value of ["me", "", "ecluse", "a|b|c|d|e|f|g|h"]) assert.equal(ownerName(value), value);
  });
});

describe("a holder counts as dead only when that is proved", () => {
  it("is dead when its process on this machine is gone, or its number belongs to a later process", async () => {
    assert.equal(isProvablyDead(valueWith({ 4: await deadPid() })), true);
    assert.equal(isProvablyDead(valueWith({ 5: "1" })), true);
  });

  it("is alive while its process lives, running or stopped, and when it is process 1 of another user", async () => {
    assert.equal(isProvablyDead(ownerValue("a")), false);
    const child = tracked(spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] }));
    await once(child, "spawn");
    child.kill("SIGSTOP");
    assert.equal(isProvablyDead(valueWith({ 4: `${child.pid}`, 5: "" })), false);
    await killed(child);
    assert.equal(isProvablyDead(valueWith({ 4: "1", 5: "" })), false);
  });

  it("is never dead on another host, another boot, in another container, or under a name that is not ours", async () => {
    const pid = await deadPid();
    for (const part of [0, 1, 2, 3]) assert.equal(isProvablyDead(valueWith({ 4: pid, [part]: "another" })), false, `part ${part}`);
    assert.equal(isProvablyDead(valueWith({ 2: "", 4: pid })), false);
    for (const value of ["", "me", "ecluse", "ecluse|||||", valueWith({ 4: "-1" }), valueWith({ 4: "0" }), valueWith({ 4: "x" })]) {
      assert.equal(isProvablyDead(value), false, value);
    }
  });
});
