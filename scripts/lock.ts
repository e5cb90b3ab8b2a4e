#!/usr/bin/env node
import { type Config, loadConfig } from "../src/config.ts";
import { onInterrupt, printJson, runCommand, say, UsageError } from "./command.ts";
import { holdTime } from "./lock/hold-time.ts";
import { seconds, statusText } from "./lock/print.ts";
import { releaseKeys } from "./lock/release.ts";
import { type OpenSlot, withSlots } from "./lock/slots.ts";
import { viewOf } from "./lock/view.ts";
import { waitUntilFree } from "./lock/wait.ts";

const HELP = `npm run lock -- [status|wait|release] [--json]

The lock of the local model: who holds it, who waits for it, and how to give it back by hand.

  status   who holds each key of each slot (job, host, process), since when, how long the key lives, its fence; who waits, in
           order, with priority, time waited and about when the turn comes. Without a word, this is what it does
  wait     ends as soon as a slot is free and nobody stands in line for it
  release  gives back the keys whose holders are provably dead, and refuses all others

  --slot NAME       only this slot: ollama, or ollama-2, ollama-3 with several addresses in OLLAMA_HOST
  --timeout S       with wait: at most this many seconds (default: for ever)
  --force "VALUE"   with release: exactly this value is released, whoever holds it. Its holder may still be using the model
  --json            one JSON document on stdout, nothing else
  --help            this text

Exit code: 0 done (release: also when nothing was held), 1 release was refused or Redis does not answer, 2 wrong arguments or
settings, 3 still held after --timeout.
`;

await runCommand({
  name: "npm run lock",
  help: HELP,
  positionals: true,
  options: {
    json: { type: "boolean", default: false },
    slot: { type: "string" },
    timeout: { type: "string" },
    force: { type: "string" },
  },
  async run({ values: { json, slot, timeout, force }, positionals: [verb = "status", ...more] }) {
    if (more.length > 0) throw new UsageError(`one thing at a time: not "${more.join(" ")}" too`);
    if (verb !== "status" && verb !== "wait" && verb !== "release") throw new UsageError(`it can status, wait and release, not "${verb}"`);
    if (timeout !== undefined && verb !== "wait") throw new UsageError("--timeout belongs to wait");
    if (force !== undefined && verb !== "release") throw new UsageError("--force belongs to release");
    const timeoutMs = timeout === undefined ? undefined : millisecondsOf(timeout);
    const config = loadConfig();
    return await withSlots(config, slot, async (slots) => {
      if (verb === "status") return await status(slots, config, json);
      return verb === "wait" ? await wait(slots, timeoutMs, json) : await release(slots, force, json);
    });
  },
});

async function status(slots: readonly OpenSlot[], config: Config, json: boolean): Promise<number> {
  const hold = await holdTime(config.DATA_DIR);
  const seen = await Promise.all(slots.map(async (slot) => ({ ...slot, seen: await slot.scripts.status() })));
  const views = seen.map(({ slot, host, seen: one }) => viewOf({ slot, host }, one, { hold, now: new Date() }));
  if (json) printJson({ slots: views, holdTime: hold ?? null });
  else process.stdout.write(statusText(views, hold));
  return 0;
}

async function wait(slots: readonly OpenSlot[], timeoutMs: number | undefined, json: boolean): Promise<number> {
  const { signal, release: letGo } = onInterrupt();
  try {
    const waited = await waitUntilFree(slots, timeoutMs, signal);
    if (json) printJson(waited);
    else if (waited.isFree) process.stdout.write(`${waited.slot} is free, after ${seconds(waited.waitedMs)}\n`);
    else say(`still held after ${seconds(waited.waitedMs)}: npm run lock -- status says by whom`);
    return waited.isFree ? 0 : 3;
  } finally {
    letGo();
  }
}

async function release(slots: readonly OpenSlot[], force: string | undefined, json: boolean): Promise<number> {
  const keys = await releaseKeys(slots, force);
  if (json) printJson({ keys });
  for (const { says, result } of keys) {
    if (!json) (result === "refused" ? say : print)(says);
  }
  return keys.some(({ result }) => result === "refused") ? 1 : 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function millisecondsOf(words: string): number {
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(words)) throw new UsageError(`--timeout is a number of seconds such as 60, but is "${words}"`);
  return Number(words) * 1_000;
}
