import type { ServerResponse } from "node:http";
import type { Clock } from "../core/clock.ts";
import type { Way } from "./chat-request.ts";
import { tokensOf } from "./tokens.ts";

export type Ending =
  | { readonly kind: "done" }
  | { readonly kind: "hang" }
  | { readonly kind: "cut" }
  | { readonly kind: "no-done" }
  | { readonly kind: "bad-line" }
  | { readonly kind: "error-line"; readonly error: string };

/** Everything about one answer before its first byte is sent. */
export interface Speech {
  /** How it was asked, and so the field in which the words stand. */
  readonly way: Way;
  readonly model: string;
  readonly content: string;
  readonly thinking: string;
  readonly isStreamed: boolean;
  readonly doneReason: "stop" | "length";
  readonly ending: Ending;
  /** Tokens said before the ending; Infinity for all. */
  readonly stopAfter: number;
  readonly promptTokens: number;
  /** How long reading the prompt took. */
  readonly promptMs: number;
  /** Most tokens of the answer: `num_predict`, or what the context has left. */
  readonly maxTokens: number;
  readonly tokenDelayMs: number;
  readonly loadMs: number;
  readonly remoteHost: string | undefined;
}

interface Line {
  readonly role: "content" | "thinking";
  readonly token: string;
}

/**
 * Says it on the wire as Ollama does: one line of NDJSON a token, or one object at the end.
 *
 * @param signal  aborted when the client goes away
 * @throws the signal's reason
 */
export async function speak(response: ServerResponse, speech: Speech, clock: Clock, signal: AbortSignal): Promise<void> {
  const startedMs = clock.elapsed();
  if (speech.loadMs > 0) await clock.sleep(speech.loadMs, signal);
  const loadedMs = clock.elapsed();
  const all: Line[] = [
    ...tokensOf(speech.thinking).map((token): Line => ({ role: "thinking", token })),
    ...tokensOf(speech.content).map((token): Line => ({ role: "content", token })),
  ];
  const lines = all.slice(0, Math.min(speech.maxTokens, speech.stopAfter));
  for (const line of lines) {
    if (speech.tokenDelayMs > 0) await clock.sleep(speech.tokenDelayMs, signal);
    if (speech.isStreamed) await write(response, { ...head(speech, clock), ...wordsOf(speech, [line]), done: false }, signal);
  }
  const isCut = all.length > speech.maxTokens && lines.length === speech.maxTokens;
  const nowMs = clock.elapsed();
  const final = {
    ...head(speech, clock),
    ...wordsOf(speech, speech.isStreamed ? [] : lines),
    done: true,
    done_reason: isCut ? "length" : speech.doneReason,
    total_duration: nanoseconds(speech.promptMs + nowMs - startedMs),
    load_duration: nanoseconds(loadedMs - startedMs),
    prompt_eval_count: speech.promptTokens,
    prompt_eval_duration: nanoseconds(speech.promptMs),
    // Go leaves a zero count out.
    ...(lines.length > 0 ? { eval_count: lines.length } : {}),
    eval_duration: nanoseconds(nowMs - loadedMs),
  };
  await end(response, speech, final, signal);
}

function head({ model, remoteHost }: Speech, clock: Clock): object {
  const remote = remoteHost === undefined ? {} : { remote_model: `${model}-cloud`, remote_host: remoteHost };
  return { model, ...remote, created_at: clock.now().toISOString() };
}

function wordsOf({ way }: Speech, lines: readonly Line[]): object {
  const said = (role: Line["role"]) =>
    lines
      .filter((line) => line.role === role)
      .map(({ token }) => token)
      .join("");
  const thoughts = said("thinking") === "" ? {} : { thinking: said("thinking") };
  if (way === "generate") return { response: said("content"), ...thoughts };
  return { message: { role: "assistant", content: said("content"), ...thoughts } };
}

const nanoseconds = (ms: number): number => Math.round(ms * 1e6);

async function end(response: ServerResponse, { ending, isStreamed }: Speech, final: object, signal: AbortSignal): Promise<void> {
  switch (ending.kind) {
    case "hang":
      return await untilAborted(signal);
    case "cut":
      response.destroy();
      return;
    case "no-done":
      return await finish(
        response,
        isStreamed ? "" : JSON.stringify({ ...final, done: false, done_reason: undefined }),
        isStreamed,
        signal,
      );
    case "bad-line":
      return await finish(response, '{"model":"practice","mess', isStreamed, signal);
    case "error-line":
      return await finish(response, JSON.stringify({ error: ending.error }), isStreamed, signal);
    case "done":
      return await finish(response, JSON.stringify(final), isStreamed, signal);
  }
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });

/** Waits until the line is handed over, so that a reader who stopped reading stops the speaker, and a cut comes after it. */
async function write(response: ServerResponse, line: object, signal: AbortSignal): Promise<void> {
  openStream(response);
  await settled(signal, (done) => response.write(`${JSON.stringify(line)}\n`, done));
}

async function finish(response: ServerResponse, text: string, isStreamed: boolean, signal: AbortSignal): Promise<void> {
  if (isStreamed) openStream(response);
  else response.setHeader("content-type", "application/json; charset=utf-8");
  await settled(signal, (done) => response.end(isStreamed && text !== "" ? `${text}\n` : text, done));
}

/** Headers only with the first token: until then a client cannot tell waiting from hanging, and ours must cope with that. */
function openStream(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(200, { "content-type": "application/x-ndjson" });
}

/** The callback of a write to a socket that has gone may never come, so the abort settles it as well. */
function settled(signal: AbortSignal, act: (done: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const leave = () => reject(signal.reason as Error);
    signal.addEventListener("abort", leave, { once: true });
    act(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    });
  });
}
