import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../clock.ts";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import type { ChatRoom } from "./chat.ts";
import { parseJson } from "./chat-request.ts";
import { newLine } from "./line.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { newModels, PRACTICE_MODEL } from "./models.ts";
import { bodyOf, sendJson, serveQuestion } from "./serve.ts";
import { newTally, type PracticeStats } from "./tally.ts";

export interface PracticeOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly tokenDelayMs?: number;
  /** Silence while the model is loaded: at first, after an unload, and when `num_ctx` changes. */
  readonly loadMs?: number;
  /** Questions it works on at a time, as OLLAMA_NUM_PARALLEL; the others wait. */
  readonly parallel?: number;
  /** How long it goes on with an answer after the client has gone, in ms, as an engine in the middle of a prompt does. */
  readonly lingerMs?: number;
  /** Names under which the one model can be asked. */
  readonly models?: readonly string[];
  readonly clock?: Clock;
  /** Sees each chat request's body as it came, before anything else: for tests that check what is sent. */
  onChat?(body: unknown): void;
}

export interface PracticeServer {
  /** "http://127.0.0.1:49152" */
  readonly url: string;
  readonly port: number;
  stats(): PracticeStats;
  /** Waits for a state instead of sleeping: `await server.until(({ waiting }) => waiting === 3)`. @throws the signal's reason */
  until(holds: (stats: PracticeStats) => boolean, signal?: AbortSignal): Promise<PracticeStats>;
  /** The next `times` chat requests behave so, after those asked for before. Infinity: until `behave()`. */
  misbehave(how: Misbehaviour, times?: number): void;
  /** From now on no question is answered, however it is asked, while lists and health are (O21); or again. */
  deafen(isDeaf: boolean): void;
  /** Forgets every misbehaviour not used yet. */
  behave(): void;
  /** Cuts every open connection and frees the port. */
  close(): Promise<void>;
}

/** The version of Ollama whose wire protocol this follows. */
const VERSION = "0.33.0-practice";

/**
 * Starts a server that speaks Ollama's wire protocol and answers by copying and counting words, one question at a time unless told otherwise.
 *
 * @throws Fault "misconfigured" when the address cannot be had
 */
export async function startPractice(options: PracticeOptions = {}): Promise<PracticeServer> {
  const clock = options.clock ?? systemClock;
  const tally = newTally();
  const asked: { how: Misbehaviour; left: number }[] = [];
  const closing = new AbortController();
  let isDeaf = false;
  const room: ChatRoom = {
    clock,
    tally,
    models: newModels(options.models ?? [PRACTICE_MODEL], clock),
    line: newLine(options.parallel),
    tokenDelayMs: options.tokenDelayMs ?? 0,
    loadMs: options.loadMs ?? 0,
    lingerMs: options.lingerMs ?? 0,
    closing: closing.signal,
    isDeaf: () => isDeaf,
    nextMisbehaviour: () => nextOf(asked),
  };
  const server = createServer((request, response) => {
    // Reached by a client that goes away while it sends its question.
    route(room, options, request, response).catch(() => response.destroy());
  });
  await listen(server, options.port ?? 0, options.host ?? "127.0.0.1");
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    port,
    stats: tally.read,
    until: tally.until,
    misbehave: (how, times = 1) => void asked.push({ how, left: times }),
    deafen: (deaf) => {
      isDeaf = deaf;
    },
    behave: () => void asked.splice(0),
    close: () => {
      closing.abort();
      return close(server);
    },
  };
}

function nextOf(asked: { how: Misbehaviour; left: number }[]): Misbehaviour | undefined {
  const first = asked[0];
  if (first === undefined) return undefined;
  first.left -= 1;
  if (first.left <= 0) asked.shift();
  return first.how;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(new Fault("misconfigured", `practice cannot listen on ${host}:${port}`, { cause })));
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function route(room: ChatRoom, options: PracticeOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Not `new URL`: it throws on "//".
  const path = (request.url ?? "/").split("?", 1)[0];
  const method = request.method === "HEAD" ? "GET" : request.method;
  switch (`${method} ${path}`) {
    case "POST /api/chat":
      return await serveQuestion(room, "chat", { request, response }, options.onChat);
    case "POST /api/generate":
      return await serveQuestion(room, "generate", { request, response });
    case "POST /api/show":
      return sendJson(response, await show(room, request));
    case "GET /api/tags":
      return sendJson(response, room.models.tags());
    case "GET /api/ps":
      return sendJson(response, room.models.ps());
    case "GET /api/version":
      return sendJson(response, { version: VERSION });
    case "GET /":
      return void response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("Ollama is running");
    default:
      return void response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found");
  }
}

async function show({ models }: ChatRoom, request: IncomingMessage): Promise<object> {
  const text = await bodyOf(request);
  if (text === "") return { status: 400, error: "missing request body" };
  const body = parseJson(text);
  const model = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
  if (typeof model !== "string" || model === "") return { status: 400, error: "model is required" };
  return models.has(model) ? models.show() : { status: 404, error: `model '${model}' not found` };
}
