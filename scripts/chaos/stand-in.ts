/** A stand-in for Ollama that speaks its wire and writes down, by itself, when each request began and ended. Started by the bench. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../src/clock.ts";
import { newModels } from "../../src/practice/models.ts";
import { instant, openHistory } from "./history.ts";
import { randomOf } from "./plan.ts";
import { READY, type StandInOrder } from "./same.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as StandInOrder;
const MODEL = "mistral:latest";
const history = openHistory(order.history);
const random = randomOf(order.seed);
const models = newModels([MODEL], systemClock);
models.load(MODEL, 8_192, -1);

/** Requests at work, each with how it ended as soon as it has. */
interface Open {
  readonly n: number;
  how: "served" | "gone" | undefined;
}
const open = new Set<Open>();
let requests = 0;

const server = createServer((request, response) => {
  route(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(`${READY} ${(server.address() as AddressInfo).port}`));
// Nobody is left to serve when the bench is gone.
process.stdin.on("end", () => process.exit(0)).resume();

async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = `${request.method} ${(request.url ?? "/").split("?", 1)[0]}`;
  if (path === "POST /api/chat" || path === "POST /api/generate") return await generate(request, response);
  const known: Readonly<Record<string, () => object>> = {
    "GET /api/tags": models.tags,
    "GET /api/ps": models.ps,
    "POST /api/show": models.show,
    "GET /api/version": () => ({ version: "0.33.0-chaos" }),
  };
  for await (const _ of request);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(known[path]?.() ?? {}));
}

async function generate(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests += 1;
  const one: Open = { n: requests, how: undefined };
  const gone = new AbortController();
  const end = (how: "served" | "gone"): void => {
    if (!open.delete(one)) return;
    one.how = how;
    history.add({ e: "request-end", n: one.n, how });
  };
  await begin(one);
  response.once("close", () => {
    end("gone");
    gone.abort();
  });
  try {
    if (response.destroyed) return end("gone");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { options?: { num_predict?: number } };
    response.setHeader("content-type", "application/x-ndjson");
    const words = [`{"answer":`, `"${one.n}-${process.pid}"`, "}"];
    const partMs = callMs(body.options?.num_predict) / words.length;
    for (const content of words) {
      await pause(partMs, undefined, { signal: gone.signal });
      response.write(lineOf({ message: { role: "assistant", content }, response: content, done: false }));
    }
    // Its work is over: the next one may come as soon as this answer is out, before the socket's own end is noticed.
    end("served");
    response.end(lineOf({ message: { role: "assistant", content: "" }, done: true, ...COUNTS }));
  } catch {
    end("gone");
    response.destroy();
  }
}

/**
 * Writes down that a request is here. A client that closed its socket before this one came may not have been noticed yet: such
 * an end is read first, two turns of the loop at most. Ends of any other kind, and none at all, are an overlap.
 */
async function begin(one: Open): Promise<void> {
  const arrivedAt = instant();
  const before = [...open];
  open.add(one);
  if (before.length > 0) {
    await nextTurn();
    await nextTurn();
  }
  const isAlone = before.every(({ how }) => how === "gone");
  history.add({ e: "request-start", n: one.n }, before.length > 0 && isAlone ? instant() : arrivedAt);
}

/** In ms. Most are short; one of eight takes up to two leases, so that leases are renewed, and run out, under a call. */
function callMs(maxTokens: number | undefined): number {
  if (maxTokens !== undefined && maxTokens <= 1) return 3;
  return random() < 0.125 ? order.ttlMs * (0.8 + 1.2 * random()) : 20 + 180 * random();
}

const COUNTS = { done_reason: "stop", prompt_eval_count: 20, eval_count: 3 };
const lineOf = (part: object): string => `${JSON.stringify({ model: MODEL, created_at: new Date().toISOString(), ...part })}\n`;
