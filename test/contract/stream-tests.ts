import assert from "node:assert/strict";
import { it } from "node:test";
import type { Config } from "../../src/config.ts";
import type { Reply, StandIn } from "../support/stand-in.ts";
import { ask, assertFault } from "./observe.ts";
import { eventsOf, limits, type ProviderCase } from "./provider-case.ts";

const TEXT = '{"verdict":"oui"}';

/** An answer in its pieces: greeting and first word, and what follows. */
export function partsOf(provider: ProviderCase) {
  const good = provider.good(TEXT);
  const events = eventsOf(good);
  const firstWord = JSON.stringify(TEXT.slice(0, 3)).slice(1, -1);
  const begun = events.slice(0, events.findIndex((event) => event.includes(firstWord)) + 1);
  const reply = (chunks: readonly string[], more: Partial<Reply> = {}): Reply => ({ headers: good.headers ?? {}, chunks, ...more });
  return { good, events, begun, rest: events.slice(begun.length), reply };
}

/** A streamed answer is whole or it is none. */
export function streamTests(provider: ProviderCase, server: () => StandIn): void {
  const { good, events, begun, rest, reply } = partsOf(provider);
  const spare = provider.spareEvents ?? 0;
  const make = (overrides: Partial<Config> = {}) => provider.make(server().url, overrides);
  const assertWhole = async () => {
    const { text, finish } = await ask(make());
    // Blanks are the model's, if it sends some; they are only no sign of life.
    assert.deepEqual([text.replaceAll(/\s/g, ""), finish], [TEXT, "complete"]);
  };

  for (let kept = 1; kept < events.length - spare; kept++) {
    it(`never takes the first ${kept} of ${events.length} events for an answer (S08)`, async () => {
      server().reply(reply(events.slice(0, kept)));
      await assertFault(ask(make()), "server-error");
    });
  }

  for (let missing = 1; missing <= spare; missing++) {
    it(`has its answer without the last ${missing} of ${events.length} events, since it was told that it is complete (S11)`, async () => {
      server().reply(reply(events.slice(0, -missing)));
      await assertWhole();
    });
  }

  it("closes the connection itself when it has its answer and the server stays (S11)", async () => {
    server().reply(reply(provider.endsWithConnection ? events : events.slice(0, events.length - spare), { ending: "hang" }));
    const call = ask(make(limits(60, 0.3, 60)));
    if (provider.endsWithConnection) await assertFault(call, "timed-out");
    else assert.equal((await call).finish, "complete");
    await server().nextClose();
  });

  for (const { id, what, event, kind, isSeenLate } of provider.holes) {
    it(`${id}: when ${what}, all of the answer is discarded${isSeenLate ? "" : ", and the connection is closed at once"}`, async () => {
      server().reply(reply([...begun, event, ...rest], { ending: isSeenLate ? "end" : "hang" }));
      await assertFault(ask(make()), kind ?? "server-error");
      if (!isSeenLate) await server().nextClose();
    });
  }

  it("takes keep-alives, empty events and thoughts for no hole", async () => {
    server().reply(reply([...begun, ...provider.idle, ...rest]));
    await assertWhole();
  });

  it("reads an answer whose lines end as on Windows", async () => {
    server().reply({ ...good, body: good.body.replaceAll("\n", "\r\n") });
    await assertWhole();
  });

  it("reads an answer whose last blank line is missing", { skip: provider.needsLastLine ?? false }, async () => {
    server().reply({ ...good, body: good.body.trimEnd() });
    await assertWhole();
  });

  it("takes no answer of another model than the one that was asked (S16, Q12)", async () => {
    for (const model of [`${provider.answered.model}-pro`, "a-model-of-somebody-else", "Un modèle : « gratuit »"]) {
      server().reply(provider.answeredBy(model));
      const fault = await assertFault(ask(make()), "model-missing");
      assert.equal(fault.message.includes(model), !model.includes(" "), fault.message);
    }
  });
}
