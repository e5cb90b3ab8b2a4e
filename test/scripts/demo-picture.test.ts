import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { watchLock } from "../../scripts/demo/lock-view.ts";
import { type Moment, picture } from "../../scripts/demo/picture.ts";
import type { QueueState, RunningJob } from "../../scripts/demo/queue-view.ts";

const SLOT = "ollama";
const unpainted = (moment: Moment, columns = 80) => picture(moment, columns, (_, text) => text).join("\n");

const job = (kind: RunningJob["kind"], name: string, queue = kind === "contribution" ? "validation" : "audierne-docs"): RunningJob => ({
  queue,
  kind,
  holder: `${queue}.${kind}-${name}`,
  name,
  files: 1,
  progress: { done: 2, total: 4, unit: "pages", doing: "analysing" },
});

const queueOf = (name: string, running: readonly RunningJob[], rest: Partial<QueueState> = {}): QueueState => ({
  name,
  running,
  waiting: 0,
  postponed: 0,
  done: 3,
  failed: 0,
  ...rest,
});

function momentOf(tell: (lock: ReturnType<typeof watchLock>, at: (ms: number) => void) => void, queues: readonly QueueState[]): Moment {
  let now = 0;
  const lock = watchLock(() => now);
  tell(lock, (ms) => {
    now = ms;
  });
  return { nowMs: now, lock: lock.state(), queues, toCome: 0, stalled: undefined, lockCommand: "redis-cli -n 6 GET lock:ollama:global" };
}

describe("what the demo shows while it runs", () => {
  const school = job("document", "ecole.pdf");
  const letter = job("contribution", "pk-2026-004");
  const queues = [queueOf("audierne-docs", [school]), queueOf("validation", [letter])];

  it("names the document that holds the lock and since when, and the contribution that waits for it", () => {
    const shown = unpainted(
      momentOf((lock, at) => {
        lock.onLease({ kind: "waiting", slot: SLOT, holder: school.holder, ms: 0 });
        lock.onLease({ kind: "held", slot: SLOT, holder: school.holder, ms: 0 });
        at(1_000);
        lock.onLease({ kind: "waiting", slot: SLOT, holder: letter.holder, ms: 0 });
        at(1_500);
      }, queues),
    );
    assert.match(shown, /^lock held by +ecole\.pdf +for 1\.5 s$/m);
    assert.match(shown, /^in line +contribution pk-2026-004 +for 0\.5 s$/m);
    assert.match(shown, /^ {2}ecole\.pdf +asks the model 2\/4 pages$/m);
    assert.match(shown, /^ {2}pk-2026-004 +waits for the lock$/m);
  });

  it("puts a person's contribution before a document that came earlier", () => {
    const shown = unpainted(
      momentOf((lock, at) => {
        lock.onLease({ kind: "waiting", slot: SLOT, holder: school.holder, ms: 0 });
        at(900);
        lock.onLease({ kind: "waiting", slot: SLOT, holder: letter.holder, ms: 0 });
      }, queues),
    );
    assert.match(shown, /in line +contribution pk-2026-004.*\n +ecole\.pdf/);
  });

  it("says that a program which is not ours holds the lock, until a call of ours has it", () => {
    const foreign = (lock: ReturnType<typeof watchLock>) => lock.onLease({ kind: "foreign", slot: SLOT, holder: "me", leftMs: 60_000 });
    assert.match(unpainted(momentOf(foreign, queues)), /^lock held by +another program: me/m);
    const after = momentOf((lock) => {
      foreign(lock);
      lock.onLease({ kind: "held", slot: SLOT, holder: letter.holder, ms: 10 });
    }, queues);
    assert.match(unpainted(after), /^lock held by +contribution pk-2026-004/m);
  });

  it("shows nobody at the lock once it was given back, and forgets who no longer runs", () => {
    const shown = unpainted(
      momentOf((lock) => {
        lock.onLease({ kind: "held", slot: SLOT, holder: school.holder, ms: 0 });
        lock.onLease({ kind: "released", slot: SLOT, holder: school.holder, ms: 700 });
        lock.onLease({ kind: "waiting", slot: SLOT, holder: letter.holder, ms: 0 });
        lock.forget(() => false);
      }, queues),
    );
    assert.match(shown, /^lock held by +nobody/m);
    assert.doesNotMatch(shown, /in line +\S/);
  });

  it("counts what is done, failed, left, put back and still to come", () => {
    const moment = momentOf(() => {}, [
      queueOf("audierne-docs", [school], { waiting: 2, postponed: 1, failed: 1 }),
      queueOf("validation", []),
    ]);
    const shown = unpainted({ ...moment, toCome: 5, stalled: "no call has ended for 30 s" });
    assert.match(shown, /3 done, 1 failed, 4 left \(1 put back\)/);
    assert.match(shown, /3 done, 0 left, 5 to come/);
    assert.match(shown, /^no call has ended for 30 s$/m);
  });

  for (const columns of [60, 80, 120]) {
    it(`keeps every line within ${columns} columns, whatever a document is called`, () => {
      const long = job("document", `${"Arrêté n° 12 – ".repeat(20)}.pdf`);
      const moment = momentOf(
        (lock) => lock.onLease({ kind: "held", slot: SLOT, holder: long.holder, ms: 0 }),
        [queueOf("audierne-docs", [long])],
      );
      for (const line of picture({ ...moment, stalled: "x".repeat(300) }, columns, (_, text) => text)) {
        assert.ok([...line].length <= columns, `${[...line].length} columns: ${line}`);
      }
    });
  }
});
