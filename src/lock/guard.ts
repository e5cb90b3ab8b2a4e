import { createHash } from "node:crypto";
import { connect, createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { Fault } from "../core/fault.ts";
import { until } from "./wake.ts";

export interface Patience {
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Somebody else has it: told before each wait for him. */
  onTaken(address: string): void;
}

/** Where the guard of one name lies: a name of the kernel's own, or a port of this machine. */
export interface GuardAddress {
  /** For a person who looks with `ss -lxp` or `lsof` for the process that has it. */
  readonly words: string;
  readonly listen: ListenOptions;
}

/**
 * An abstract socket on Linux: it lies in no folder, and is gone with its process. Elsewhere a port of the loopback, below those
 * that systems hand out by themselves.
 */
export function guardAddress(name: string, platform: NodeJS.Platform = process.platform): GuardAddress {
  const hash = createHash("sha256").update(name).digest();
  const label = `ecluse-guard-${hash.toString("hex", 0, 12)}`;
  if (platform === "linux" || platform === "android") return { words: `@${label}`, listen: { path: `\0${label}` } };
  const port = 20_000 + (hash.readUInt32BE(0) % 10_000);
  return { words: `127.0.0.1:${port}`, listen: { port, host: "127.0.0.1" } };
}

/** Another program may hang up at once on who waits for it: asked again, but not without a pause. */
const PAUSE_MS = 50;

/**
 * Takes the lock that the kernel keeps for a living process, running or stopped, and for nobody else.
 *
 * @returns how to give it back, at once and for whoever waits for it; undefined when the patience is spent
 * @throws the signal's reason, or Fault "misconfigured" when this system gives no such lock
 */
export async function takeGuard({ words, listen }: GuardAddress, patience: Patience): Promise<(() => void) | undefined> {
  const from = performance.now();
  for (;;) {
    patience.signal.throwIfAborted();
    const giveBack = await tryGuard(listen, words);
    if (giveBack !== undefined) return giveBack;
    const ms = patience.ms - (performance.now() - from);
    if (ms <= 0) return undefined;
    patience.onTaken(words);
    await untilFreed(listen, { ms, signal: patience.signal });
  }
}

async function tryGuard(address: ListenOptions, words: string): Promise<(() => void) | undefined> {
  const waiters = new Set<Socket>();
  const server = createServer((waiter) => {
    waiters.add(waiter);
    waiter.on("error", () => {});
    waiter.once("close", () => waiters.delete(waiter));
  });
  if (!(await isListening(server, address, words))) return undefined;
  return () => {
    server.close();
    for (const waiter of waiters) waiter.destroy();
  };
}

const isListening = (server: Server, address: ListenOptions, words: string): Promise<boolean> =>
  new Promise((resolve, reject) => {
    server.once("listening", () => resolve(true));
    server.once("error", (cause) => {
      if ("code" in cause && cause.code === "EADDRINUSE") resolve(false);
      else reject(new Fault("misconfigured", `the guard of the local model, ${words}, is refused by this system`, { cause }));
    });
    // Exclusive: Node's cluster would share it among its processes.
    server.listen({ ...address, exclusive: true, backlog: 511 });
  });

/** Waits until the holder hangs up: he gives it back or the kernel does. A stopped one keeps the line open. */
async function untilFreed(address: ListenOptions, { ms, signal }: { readonly ms: number; readonly signal: AbortSignal }): Promise<void> {
  const from = performance.now();
  const line = connect({ path: address.path ?? "", port: address.port ?? 0, host: "127.0.0.1" });
  line.on("error", () => {});
  try {
    await until((wake) => line.once("close", wake), { ms, signal });
  } finally {
    line.destroy();
  }
  const pauseMs = Math.min(ms, PAUSE_MS) - (performance.now() - from);
  // Nobody there means that it is free now, or that too many wait: both show at the next try.
  if (pauseMs > 0) await until(() => {}, { ms: pauseMs, signal });
}
