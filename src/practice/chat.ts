import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import { replyTo } from "./answer.ts";
import { type ChatBody, type ErrorReply, isErrorReply, type Way } from "./chat-request.ts";
import type { Line } from "./line.ts";
import { type Misbehaviour, misbehave } from "./misbehaviour.ts";
import { DEFAULT_CONTEXT, type Models } from "./models.ts";
import { type Speech, speak } from "./speech.ts";
import type { Tally } from "./tally.ts";
import { tokensOf } from "./tokens.ts";

export interface ChatRoom {
  readonly clock: Clock;
  readonly models: Models;
  readonly line: Line;
  readonly tally: Tally;
  readonly tokenDelayMs: number;
  readonly loadMs: number;
  /** How long the engine goes on after its client has gone, in ms. */
  readonly lingerMs: number;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  /** No question is ever answered, however it is asked (O21). */
  isDeaf(): boolean;
  /** The next misbehaviour asked for, if any. */
  nextMisbehaviour(): Misbehaviour | undefined;
}

export interface Question extends ChatBody {
  readonly way: Way;
}

/**
 * Answers one question, or gives the error to send.
 *
 * @param signal  aborted when the client goes away; leaves the line or falls silent at once
 * @throws the signal's reason
 */
export async function chat(room: ChatRoom, body: Question, response: ServerResponse, signal: AbortSignal): Promise<ErrorReply | undefined> {
  const refused = whyNot(room.models, body);
  if (refused !== undefined) return refused;
  // What was asked for happens to the questions of a test, not to a word by which its program finds out whether the host is free.
  const how = body.way === "chat" ? room.nextMisbehaviour() : undefined;
  if (how?.kind === "status") return { status: how.status, error: how.error };
  if (how?.kind === "page") {
    response.writeHead(how.status, { "content-type": "text/html" }).end(how.html);
    return undefined;
  }
  if ((body.messages ?? []).length === 0) return loadOnly(room, body, response);
  const leave = await takeTurn(room, signal);
  try {
    return await answer(room, body, room.isDeaf() ? { kind: "silent" } : how, response, signal);
  } finally {
    // In the middle of a prompt an engine does not notice that nobody listens any more.
    if (signal.aborted && room.lingerMs > 0) await room.clock.sleep(room.lingerMs, room.closing).catch(() => {});
    room.tally.add("working", -1);
    leave();
  }
}

function whyNot(models: Models, { model, think, tools }: ChatBody): ErrorReply | undefined {
  if (model === "") return { status: 400, error: "model is required" };
  if (!models.has(model)) return { status: 404, error: `model '${model}' not found` };
  if (think !== undefined && think !== null && think !== false) return { status: 400, error: `"${model}" does not support thinking` };
  if (tools !== undefined && tools !== null && tools.length > 0) return { status: 400, error: `"${model}" does not support tools` };
  return undefined;
}

/** No messages: Ollama loads the model, or unloads it with `keep_alive: 0`, and says so in `done_reason`. */
function loadOnly(room: ChatRoom, { model, way, keep_alive, options }: Question, response: ServerResponse): undefined {
  const isUnload = keep_alive === 0 || keep_alive === "0";
  if (isUnload) room.models.unload(model);
  else if (room.models.load(model, options?.num_ctx ?? DEFAULT_CONTEXT, keep_alive)) room.tally.add("loads", 1);
  const words = way === "chat" ? { message: { role: "assistant", content: "" } } : { response: "" };
  const answer = { model, created_at: room.clock.now().toISOString(), ...words, done: true, done_reason: isUnload ? "unload" : "load" };
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(answer));
  return undefined;
}

async function takeTurn({ line, tally }: ChatRoom, signal: AbortSignal): Promise<() => void> {
  if (!line.isTaken()) {
    tally.add("working", 1);
    return await line.enter(signal);
  }
  tally.add("waiting", 1);
  try {
    const leave = await line.enter(signal);
    tally.add("working", 1);
    return leave;
  } finally {
    tally.add("waiting", -1);
  }
}

async function answer(
  room: ChatRoom,
  body: Question,
  how: Misbehaviour | undefined,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<ErrorReply | undefined> {
  const speech = speechFor(room, body);
  if (isErrorReply(speech)) return speech;
  const startedMs = room.clock.elapsed();
  const stopUse = room.models.use(body.model);
  try {
    await speak(response, how === undefined ? speech : misbehave(speech, how), room.clock, signal);
  } catch (error) {
    // Nobody waits for a load that nobody wants any more.
    if (room.clock.elapsed() - startedMs < speech.loadMs) room.models.unload(body.model);
    throw error;
  } finally {
    stopUse(body.keep_alive);
  }
  if (body.keep_alive === 0 || body.keep_alive === "0") room.models.unload(body.model);
  return undefined;
}

/** Tokens of a chat template round each message. */
const TEMPLATE_TOKENS = 4;

function speechFor(room: ChatRoom, body: Question): Speech | ErrorReply {
  const messages = body.messages ?? [];
  const context = body.options?.num_ctx ?? DEFAULT_CONTEXT;
  const promptTokens = messages.reduce((sum, { content }) => sum + tokensOf(content).length + TEMPLATE_TOKENS, 0);
  // Ollama itself would cut such a prompt in silence unless both are off (O11, O13). An answer to half a text helps
  // nobody to practise, so the practice model always refuses it, in Ollama's words.
  if (promptTokens >= context) return { status: 400, error: TOO_LONG };
  const startedMs = room.clock.elapsed();
  const asked = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const reply = replyTo(body.format, asked.join("\n\n"));
  if (reply.kind === "refused") return { status: 400, error: reply.error };
  const mustLoad = room.models.load(body.model, context, body.keep_alive);
  if (mustLoad) room.tally.add("loads", 1);
  const wanted = body.options?.num_predict ?? -1;
  return {
    way: body.way,
    model: body.model,
    content: reply.content,
    thinking: "",
    isStreamed: body.stream ?? true,
    doneReason: "stop",
    ending: { kind: "done" },
    stopAfter: Number.POSITIVE_INFINITY,
    promptTokens,
    promptMs: room.clock.elapsed() - startedMs,
    maxTokens: Math.min(wanted > 0 ? wanted : Number.POSITIVE_INFINITY, context - promptTokens),
    tokenDelayMs: room.tokenDelayMs,
    loadMs: mustLoad ? room.loadMs : 0,
    remoteHost: undefined,
  };
}

const TOO_LONG =
  "the prompt is longer than the context length currently available to the model; reduce the prompt or increase the context length (num_ctx)";
