import { EventEmitter, on, once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** One answer of the stand-in, exactly as it goes over the wire. */
export interface Reply {
  /** Takes the request and never sends a byte. */
  readonly silent?: true;
  readonly status?: number;
  /** "content-type: application/json" unless said otherwise; the body is chunked unless a "content-length" is given. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The body in pieces, each flushed on its own. The headers leave with the first. */
  readonly chunks?: readonly (string | Uint8Array)[];
  /** How long the server takes before each chunk, in ms: the pace of a slow machine. */
  readonly everyMs?: number;
  /** What follows the last byte: a proper end, nothing ever, or a TCP reset. With no body and no status, before the headers. */
  readonly ending?: "end" | "hang" | "reset";
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

/** A real HTTP server on loopback that answers what a test scripted, and tells what the client did. */
export interface StandIn {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Queues answers, one per request. A request too many gets a 500, and is counted. */
  reply(...next: readonly Reply[]): void;
  /** What is answered at this path from now on, beside the queue: such a request is none of `requests`, but of `asides`. */
  aside(path: string, reply: Reply): void;
  readonly asides: readonly SeenRequest[];
  /** The next of them not yet asked for here. */
  nextAside(): Promise<SeenRequest>;
  /** Requests that have neither been answered to the end nor been given up by the client. */
  openRequests(): number;
  /** The next request not yet asked for here, once it is whole. */
  nextRequest(): Promise<SeenRequest>;
  /** Settles when the client closes the socket of a request that the server had not finished: one call per such close. */
  nextClose(): Promise<void>;
  stop(): Promise<void>;
}

/** What a healthy Ollama says when it is asked what it has, what is loaded, and for one token. No other vendor has these paths. */
const OLLAMA_MODEL = { name: "mistral:latest", model: "mistral:latest" };
const ASIDES: Readonly<Record<string, Reply>> = {
  "/api/tags": { body: JSON.stringify({ models: [OLLAMA_MODEL] }) },
  "/api/ps": { body: JSON.stringify({ models: [{ ...OLLAMA_MODEL, context_length: 8192 }] }) },
  "/api/generate": { body: JSON.stringify({ model: OLLAMA_MODEL.name, response: ".", done: true, done_reason: "length" }) },
};

export async function startStandIn(): Promise<StandIn> {
  const requests: SeenRequest[] = [];
  const asides: SeenRequest[] = [];
  const asideReplies = new Map(Object.entries(ASIDES));
  const replies: Reply[] = [];
  const events = new EventEmitter();
  const arrivals = on(events, "request");
  const asideArrivals = on(events, "aside");
  const closes = on(events, "client-closed");
  let open = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const aside = asideReplies.get(request.url ?? "");
    if (aside !== undefined) {
      const seen = await read(request);
      asides.push(seen);
      events.emit("aside", seen);
      return await send(aside, request, response);
    }
    open += 1;
    const reply = replies.shift() ?? { status: 500, body: "no reply was queued" };
    response.once("close", () => {
      open -= 1;
      if (!response.writableFinished && reply.ending !== "reset") events.emit("client-closed");
    });
    const seen = await read(request);
    requests.push(seen);
    events.emit("request", seen);
    await send(reply, request, response);
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    asides,
    reply: (...next) => void replies.push(...next),
    nextAside: async () => ((await asideArrivals.next()).value as [SeenRequest])[0],
    aside: (path, reply) => void asideReplies.set(path, reply),
    openRequests: () => open,
    nextRequest: async () => ((await arrivals.next()).value as [SeenRequest])[0],
    nextClose: async () => void (await closes.next()),
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  return { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

async function send(reply: Reply, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (reply.silent) return;
  const chunks = reply.chunks ?? (reply.body === undefined ? [] : [reply.body]);
  const hasAnswer = chunks.length > 0 || reply.status !== undefined;
  if (hasAnswer) response.writeHead(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
  for (const chunk of chunks) {
    if (reply.everyMs !== undefined) await pause(reply.everyMs);
    if (response.destroyed) return;
    await write(response, chunk);
  }
  if (reply.ending === "reset") request.socket.resetAndDestroy();
  else if (reply.ending === "hang") response.flushHeaders();
  else response.end();
}

/** Settles when the bytes are with the system, so that a reset that follows cannot overtake them; at once for a client that left. */
const write = (response: ServerResponse, chunk: string | Uint8Array): Promise<void> =>
  new Promise((flushed) => {
    if (chunk.length === 0 || response.destroyed) flushed();
    else response.write(chunk, () => flushed());
  });

/** The address of a port on which nobody listens any more. */
export async function deadUrl(): Promise<string> {
  const gone = await startStandIn();
  await gone.stop();
  return gone.url;
}
