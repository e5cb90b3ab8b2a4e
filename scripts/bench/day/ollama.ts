import type { ServerResponse } from "node:http";
import { z } from "zod";
import { type Line, newLine } from "../../../src/practice/line.ts";
import { type Models, newModels } from "../../../src/practice/models.ts";
import { piecesOf, sendJson, startServer } from "./http.ts";
import { logNormal } from "./random.ts";
import type { Served, TownRecord } from "./record.ts";
import { answerTo, idIn } from "./texts.ts";
import { sharedMs, type TownClock } from "./town-clock.ts";

export const OLLAMA_MODEL = "town:latest";
/** Seconds of town time: how long the model works on a question, and how long it is loaded when it is cold. */
const CHECK = { median: 7, spread: 0.4 } as const;
const CHUNK = { median: 12, spread: 0.35 } as const;
const LOAD = 8;
/** A question that nobody of the town asked is a word. */
const WORD = 0.2;
/** Share of a call in which the model reads, before its first word. */
const READING = 0.4;

export interface TownOllama {
  readonly url: string;
  /** Ends as a restart does: every connection is cut, who comes is refused, the model is cold afterwards. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface Room {
  readonly clock: TownClock;
  readonly record: TownRecord;
  readonly seed: number;
  readonly line: Line;
  readonly models: Models;
}

/** An Ollama with real queueing (one request at a time, in order of arrival), call times and loading, on Ollama's own wire. */
export async function startOllama(clock: TownClock, record: TownRecord, seed: number): Promise<TownOllama> {
  const elapsed = () => clock.now() * 1_000;
  const models = newModels([OLLAMA_MODEL], { ...idleClock, elapsed });
  const room: Room = { clock, record, seed, line: newLine(), models };
  const server = await startServer(async (path, body, response, gone) => {
    if (path === "/api/chat" || path === "/api/generate") return await chat(room, body, response, gone);
    if (path === "/api/tags") return sendJson(response, models.tags());
    if (path === "/api/ps") return sendJson(response, models.ps());
    if (path === "/api/show") return sendJson(response, models.show());
    if (path === "/api/version") return sendJson(response, { version: "0.33.0" });
    sendJson(response, { error: "not found" }, path === "/" ? 200 : 404);
  });
  let stoppedAt = 0;
  return {
    url: server.url,
    async stop() {
      stoppedAt = sharedMs();
      models.unload(OLLAMA_MODEL);
      await server.stop();
    },
    async start() {
      await server.start();
      record.outages.push([stoppedAt, sharedMs()]);
    },
  };
}

/** What the list of models needs of a clock besides its time. */
const idleClock = { now: () => new Date(0), sleep: async () => {}, after: () => () => {} };

const Body = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.string() })).default([]),
  stream: z.boolean().default(true),
  keep_alive: z.union([z.string(), z.number()]).optional(),
  options: z.object({ num_ctx: z.number().optional(), num_predict: z.number().optional() }).default({}),
});
type Body = z.infer<typeof Body>;

async function chat(room: Room, raw: unknown, response: ServerResponse, gone: AbortSignal): Promise<void> {
  const body = Body.parse(raw);
  if (!room.models.has(body.model)) return sendJson(response, { error: `model '${body.model}' not found` }, 404);
  const question = body.messages.map(({ content }) => content).join("\n");
  const id = idIn(question);
  const served = room.record.arrived("ollama", id);
  try {
    const leave = await room.line.enter(gone);
    try {
      served.startedAt = sharedMs();
      await speak(room, body, { id, question }, response, gone);
      served.isAnswered = true;
    } finally {
      leave();
    }
  } finally {
    served.endedAt = sharedMs();
  }
}

async function speak(
  { clock, models, seed }: Room,
  body: Body,
  { id, question }: { readonly id: Served["id"]; readonly question: string },
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const isCold = models.load(body.model, body.options.num_ctx ?? 8_192, body.keep_alive);
  if (isCold) await clock.sleep(LOAD, gone);
  const seconds = secondsOf(seed, id, question);
  const content = answerTo(id);
  const line = (text: string, more: object) => ({
    model: body.model,
    created_at: new Date(0).toISOString(),
    message: { role: "assistant", content: text },
    response: text,
    ...more,
  });
  const end = { done: true, done_reason: "stop", prompt_eval_count: Math.ceil(question.length / 4), eval_count: content.length };
  await clock.sleep(seconds * READING, gone);
  const pieces = piecesOf(content);
  for (const piece of pieces) {
    if (body.stream) {
      if (!response.headersSent) response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.write(`${JSON.stringify(line(piece, { done: false }))}\n`);
    }
    await clock.sleep((seconds * (1 - READING)) / pieces.length, gone);
  }
  if (body.stream) response.end(`${JSON.stringify(line("", end))}\n`);
  else sendJson(response, line(content, end));
}

/** How long the model works on a question: the same one, the same time. */
function secondsOf(seed: number, id: string | undefined, question: string): number {
  if (id === undefined) return WORD;
  const { median, spread } = id.startsWith("d-") ? CHUNK : CHECK;
  return logNormal(median, spread, seed, question);
}
