import type { Agent } from "undici";
import { z } from "zod";
import { Fault } from "../../core/fault.ts";
import { kindOfStatus, vendorFault } from "../wire.ts";

/** How far one question got. */
export interface Sent {
  /** A connection stood: the host may have begun to work. */
  hasArrived: boolean;
  /** The host itself ended its answer: it works on it no longer. */
  isOver: boolean;
}

/**
 * A `fetch` for ollama-js that carries the signal, which the package has no parameter for, and looks at every byte first.
 *
 * The package prints lines it cannot parse and error bodies it cannot read to the console, text of the answer included, and
 * skips such lines. So it never gets to see one: each becomes a fault here.
 */
export function guardedFetch(agent: Agent, signal: AbortSignal, sent: Sent): typeof fetch {
  return async (input, init) => {
    agent.once("connect", () => {
      sent.hasArrived = true;
    });
    // Node's own fetch takes the dispatcher of the undici package; only the types do not know.
    const options = { ...init, signal, redirect: "manual", dispatcher: agent } as RequestInit;
    const response = await fetch(input, options);
    const refusal = response.status === 200 ? undefined : await response.text();
    sent.isOver = refusal !== undefined || response.body === null;
    if (refusal !== undefined) throw faultOfStatus(response.status, refusal);
    if (response.body === null) throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
    return new Response(response.body.pipeThrough(checkedLines(sent)), { status: 200 });
  };
}

const ErrorLine = z.object({ error: z.unknown() });

/** Passes whole lines of NDJSON on, and ends the stream with a fault at the first that is no object or an error, or without a last one. */
function checkedLines(sent: Sent): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  let isDone = false;
  const pass = (line: string, out: TransformStreamDefaultController<Uint8Array>) => {
    if (line.trim() === "") return;
    const parsed = parse(line);
    if (typeof parsed !== "object" || parsed === null) throw brokenOff();
    // In mid-answer there is no status any more, and the words are a model's or an engine's: whatever they say, it broke off.
    isDone ||= "done" in parsed && parsed.done === true;
    sent.isOver ||= isDone || "error" in parsed;
    if ("error" in parsed) throw brokenOff();
    out.enqueue(encoder.encode(`${line}\n`));
  };
  return new TransformStream({
    transform(bytes, out) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) pass(line, out);
    },
    flush(out) {
      sent.isOver = true;
      pass(rest + decoder.decode(), out);
      // A loop of one token makes Ollama stop like this, too, with status 200 (O09).
      if (!isDone) throw brokenOff();
    },
  });
}

const brokenOff = () => new Fault("server-error", "ollama broke off in the middle of its answer", { status: 200 });

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * What a refusal of Ollama means. Its errors are one sentence without a code, `{"error":"…"}`: the shape tells them from those
 * of a proxy or of another program on that port, the status does the rest. Nothing was streamed yet.
 */
export function faultOfStatus(status: number, body: string): Fault {
  const parsed = ErrorLine.safeParse(parse(body));
  const isOllama = parsed.success;
  const said = isOllama && typeof parsed.data.error === "string" ? parsed.data.error : JSON.stringify(parsed.data?.error ?? "");
  // Its queue is full, which says nothing against its health (O03). A proxy's 503 does.
  if (isOllama && status === 503) return new Fault("busy", "ollama's own queue is full", { status });
  if (isOllama && status === 404) return vendorFault("ollama", "model-missing", { cause: undefined, status });
  // The one case that words alone tell apart, in Ollama's own and in its engine's (O13; llama.cpp's exceed_context_size_error).
  if (isOllama && status === 400 && /context.(length|size|window)/i.test(said)) {
    return vendorFault("ollama", "prompt-too-long", { cause: undefined, status });
  }
  // 499 is a request that somebody cancelled. It was not us, or nobody would read this: something in between did.
  return vendorFault("ollama", status === 499 ? "server-error" : kindOfStatus(status), { cause: undefined, status });
}
