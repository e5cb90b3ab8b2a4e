import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** One answer exactly as it goes over the wire. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body in pieces, each flushed on its own; a string is one piece. */
  readonly body?: string | readonly string[];
  /** How long it is silent before the headers, in ms. */
  readonly waitMs?: number;
  /** How long it takes between the headers and the first piece, in ms. */
  readonly thinkMs?: number;
  /** How it goes on after its last piece; a reset without status and body comes before any header. */
  readonly ending?: "end" | "hang" | "reset" | "close";
  /** How long it hangs before it closes, in ms; absent: for ever. */
  readonly hangMs?: number;
}

export interface Question {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
  /** From 0. */
  readonly nth: number;
  /** It came over a connection that had carried another request before. */
  readonly isReused: boolean;
  /** `performance.now()` of its arrival. */
  readonly at: number;
}

export interface Server {
  readonly url: string;
  /** Questions to a model, in order; what a provider asks beside them (is the model there?) is not among them. */
  readonly questions: readonly Question[];
  close(): Promise<void>;
}

export interface ServerOptions {
  answer(question: Question): Reply;
  /** What is no question to a model and has an answer of its own. */
  aside?(path: string, body: unknown): Reply | undefined;
  /** A free one unless given. */
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A real HTTP server on loopback, or one that speaks TLS, on a free port. */
export async function startServer({ answer, aside, port: asked = 0, tls }: ServerOptions): Promise<Server> {
  const questions: Question[] = [];
  const known = new WeakSet<Socket>();
  const closing = new AbortController();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isReused = known.has(request.socket);
    known.add(request.socket);
    const at = performance.now();
    const body = await bodyOf(request);
    const path = request.url ?? "";
    const beside = aside?.(path, body);
    if (beside !== undefined) return await send(beside, request, response, closing.signal);
    const question = { path, headers: request.headers, body, nth: questions.length, isReused, at };
    questions.push(question);
    await send(answer(question), request, response, closing.signal);
  };
  const listener: RequestListener = (request, response) => void serve(request, response).catch(() => response.destroy());
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  // A client that breaks off a TLS greeting is what this server is there for.
  server.on("tlsClientError", () => {});
  server.listen(asked, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    questions,
    async close() {
      closing.abort();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The address of a port on which nobody listens any more. */
export async function deadUrl(): Promise<string> {
  const gone = await startServer({ answer: () => ({}) });
  await gone.close();
  return gone.url;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function send(reply: Reply, request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const pieces = typeof reply.body === "string" ? [reply.body] : (reply.body ?? []);
  await silence(reply.waitMs, signal);
  if (pieces.length > 0 || reply.status !== undefined) {
    response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
    if (reply.thinkMs !== undefined) response.flushHeaders();
  }
  await silence(reply.thinkMs, signal);
  for (const piece of pieces) await written(response, piece);
  if (reply.ending === "hang" && reply.hangMs === undefined) return;
  await silence(reply.hangMs, signal);
  finish(reply.ending ?? "end", request, response);
}

async function silence(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (ms !== undefined) await pause(ms, undefined, { signal });
}

function finish(ending: NonNullable<Reply["ending"]>, { socket }: IncomingMessage, response: ServerResponse): void {
  if (ending === "end") response.end();
  else if (ending === "reset") socket.resetAndDestroy();
  else socket.destroySoon();
}

/** Settles when the bytes are with the system, so that a reset cannot overtake them; at once for a client that left. */
const written = (response: ServerResponse, piece: string): Promise<void> =>
  new Promise((done) => {
    if (piece === "" || response.destroyed) done();
    else response.write(piece, () => done());
  });
