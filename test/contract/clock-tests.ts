import assert from "node:assert/strict";
import { it } from "node:test";
import type { Config } from "../../src/config.ts";
import type { StandIn } from "../support/stand-in.ts";
import { ask, assertFault, faultFrom } from "./observe.ts";
import { limits, PROMPT, type ProviderCase } from "./provider-case.ts";
import { partsOf } from "./stream-tests.ts";

const many = (events: readonly string[], times: number): readonly string[] => Array<readonly string[]>(times).fill(events).flat();

/** Silence has an end, and it is counted in words of the answer. */
export function clockTests(provider: ProviderCase, server: () => StandIn): void {
  const { good, begun, rest, reply } = partsOf(provider);
  const word = begun.slice(-1);
  const make = (overrides: Partial<Config> = {}) => provider.make(server().url, overrides);

  it("gives up on a server that is there and never says a first word (S07), and closes the connection", async () => {
    server().reply(reply(many(provider.idle, 500), { everyMs: 20 }));
    await assertFault(ask(make(limits(0.3, 60, 60))), "timed-out");
    await server().nextClose();
  });

  it("gives up on an answer that stops in the middle (S09), and closes the connection", async () => {
    server().reply(reply(begun, { ending: "hang" }));
    await assertFault(ask(make(limits(60, 0.3, 60))), "timed-out");
    await server().nextClose();
  });

  it("gives up on an answer that goes on without words: keep-alives and thoughts are not words (S09)", async () => {
    server().reply(reply([...begun, ...many(provider.idle, 500)], { everyMs: 20 }));
    await assertFault(ask(make(limits(60, 0.3, 60))), "timed-out");
    await server().nextClose();
  });

  it("waits for a slow answer as long as words come", async () => {
    server().reply(reply([...begun, ...many(word, 6), ...rest], { everyMs: 60 }));
    assert.equal((await ask(make(limits(60, 0.4, 60)))).finish, "complete");
  });

  it("gives up on an answer that never ends", async () => {
    server().reply(reply([...begun, ...many(word, 500)], { everyMs: 20 }));
    await assertFault(ask(make(limits(60, 60, 0.4))), "timed-out");
    await server().nextClose();
  });

  it("says that it is heard once, at the first word, whatever becomes of the answer", async () => {
    const heard: string[] = [];
    const { signal } = new AbortController();
    const call = (name: string) => make(limits(60, 0.3, 0.6)).call(PROMPT, { signal, heard: () => heard.push(name) });
    server().reply(good, reply(begun, { ending: "hang" }), reply(provider.idle, { ending: "hang" }));
    await call("whole");
    await faultFrom(call("stuck"));
    await faultFrom(call("silent"));
    assert.deepEqual(heard, ["whole", "stuck"]);
  });
}
