import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "../clock.ts";
import type { Clock } from "../core/clock.ts";
import { Fault } from "../core/fault.ts";
import { type ChatRoom, chat } from "./chat.ts";
import { type ErrorReply, isErrorReply, parseChat, parseJson } from "./chat-request.ts";
import { newLine } from "./line.ts";
import type { Misbehaviour } from "./misbehaviour.ts";
import { newModels, PRACTICE_MODEL } from "./models.ts";
import { newTally, type PracticeStats } from "./tally.ts";

export interface PracticeOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly tokenDelayMs?: number;
  /** Silence while the model is loaded: at first, after an unload, and when `num_ctx` changes. */
  readonly loadMs?: number;
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
  /** Forgets every misbehaviour not used yet. */
  behave(): void;
  /** Cuts every open connection and frees the port. */
  close(): Promise<void>;
}

/** The version of Ollama whose wire protocol this follows. */
const VERSION = "0.33.0-practice";

/**
 * Starts a server that speaks Ollama's wire protocol and answers by copying and counting words, one request at a time.
 *
 * @throws Fault "misconfigured" when the address cannot be had
 */
export async function startPractice(options: PracticeOptions = {}): Promise<PracticeServer> {
  const clock = options.clock ?? systemClock;
  const tally = newTally();
  const asked: { how: Misbehaviour; left: number }[] = [];
  const room: ChatRoom = {
    clock,
    tally,
    models: newModels(options.models ?? [PRACTICE_MODEL], clock),
    line: newLine(),
    tokenDelayMs: options.tokenDelayMs ?? 0,
    loadMs: options.loadMs ?? 0,
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
    behave: () => void asked.splice(0),
    close: () => close(server),
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
      return await serveChat(room, options, request, response);
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

async function serveChat(room: ChatRoom, options: PracticeOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort(new Fault("cancelled", "the client closed its socket"));
  });
  room.tally.add("open", 1);
  let end: "served" | "aborted" = "aborted";
  try {
    const text = await bodyOf(request);
    options.onChat?.(parseJson(text));
    const body = parseChat(text);
    const error = isErrorReply(body) ? body : await chat(room, body, response, gone.signal);
    if (error !== undefined) sendJson(response, error);
    end = "served";
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (!gone.signal.aborted) sendJson(response, { status: 500, error: Fault.from(error, "practice").message });
  } finally {
    room.tally.add(end, 1);
    room.tally.add("open", -1);
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

/** @throws when the client goes away while it sends */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(response: ServerResponse, body: object | ErrorReply): void {
  const error = isErrorReply(body) ? body : undefined;
  response.statusCode = error?.status ?? 200;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(error === undefined ? body : { error: error.error }));
}
