import assert from "node:assert/strict";
import { it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import type { StandIn } from "../support/stand-in.ts";
import { ask, assertFault, collectGarbage, faultFrom, nextHeadersRead } from "./observe.ts";
import type { ProviderCase } from "./provider-case.ts";

/** Who gives up really stops the engine: it frees the local model, and no more of the answer is paid for. */
export function abortTests(provider: ProviderCase, server: () => StandIn): void {
  const good = provider.good('{"verdict":"oui"}');
  const halfThenNothing = {
    ...(good.headers && { headers: good.headers }),
    chunks: [good.body.slice(0, good.body.length / 2)],
    ending: "hang",
  } as const;
  const leaseLost = () => new Fault("lease-lost", "the lease could not be proved any more");

  it("closes the socket when the caller gives up before the first byte, and throws the caller's reason", async () => {
    const caller = new AbortController();
    server().reply({ silent: true });
    const call = faultFrom(ask(provider.make(server().url), caller.signal));
    await server().nextRequest();
    const reason = leaseLost();
    caller.abort(reason);
    assert.equal(await call, reason);
    await server().nextClose();
    assert.equal(server().openRequests(), 0);
  });

  it("closes the socket when the caller gives up in the middle of the answer", async () => {
    const caller = new AbortController();
    server().reply(halfThenNothing);
    const inBody = nextHeadersRead();
    const call = faultFrom(ask(provider.make(server().url), caller.signal));
    await inBody;
    const reason = leaseLost();
    caller.abort(reason);
    assert.equal(await call, reason);
    await server().nextClose();
  });

  it("closes the socket although the garbage was collected in between", async () => {
    const caller = new AbortController();
    server().reply({ silent: true });
    const call = faultFrom(ask(provider.make(server().url), caller.signal));
    await server().nextRequest();
    collectGarbage();
    const reason = leaseLost();
    caller.abort(reason);
    assert.equal(await call, reason);
    await server().nextClose();
  });

  it("closes the socket in the middle of the answer although the garbage was collected in between", async () => {
    const caller = new AbortController();
    server().reply(halfThenNothing);
    const inBody = nextHeadersRead();
    const call = faultFrom(ask(provider.make(server().url), caller.signal));
    await inBody;
    collectGarbage();
    caller.abort(leaseLost());
    assert.equal((await call).kind, "lease-lost");
    await server().nextClose();
  });

  it("sends nothing at all when the caller gave up before", async () => {
    server().reply(good);
    const reason = leaseLost();
    assert.equal(await faultFrom(ask(provider.make(server().url), AbortSignal.abort(reason))), reason);
    assert.equal(server().requests.length, 0);
  });

  it("is cancelled when the caller gives no reason of ours", async () => {
    const caller = new AbortController();
    server().reply({ silent: true });
    const call = assertFault(ask(provider.make(server().url), caller.signal), "cancelled");
    await server().nextRequest();
    caller.abort();
    await call;
    await server().nextClose();
  });

  it("lets the other question go on when one of two is given up", async () => {
    const caller = new AbortController();
    server().reply({ silent: true }, good);
    const engine = provider.make(server().url);
    const call = faultFrom(ask(engine, caller.signal));
    await server().nextRequest();
    const other = ask(engine);
    await server().nextRequest();
    caller.abort(leaseLost());
    await call;
    assert.equal((await other).finish, "complete");
  });

  const short = { CLOUD_CALL_S: 0.4, OLLAMA_CALL_S: 0.4 };

  it("gives up by itself on a server that never says a byte (T09)", async () => {
    server().reply({ silent: true });
    await assertFault(ask(provider.make(server().url, short)), "timed-out");
    await server().nextClose();
  });

  it("gives up by itself on an answer that stops coming (T08), and garbage collection does not change that", async () => {
    server().reply(halfThenNothing);
    const inBody = nextHeadersRead();
    const call = assertFault(ask(provider.make(server().url, short)), "timed-out");
    await inBody;
    collectGarbage();
    await call;
    await server().nextClose();
  });

  it("says how long one call may take, for whoever plans the wait", () => {
    assert.equal(provider.make(server().url, short).callMs, 400);
  });
}
