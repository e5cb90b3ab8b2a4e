import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** Answers one request; the signal says that the client has gone. */
export type Handler = (path: string, body: unknown, response: ServerResponse, gone: AbortSignal) => Promise<void>;

export interface TownServer {
  readonly url: string;
  /** Cuts all connections; who comes now is refused. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
}

/** A real HTTP server on a free loopback port. */
export async function startServer(handler: Handler): Promise<TownServer> {
  const listener = (request: IncomingMessage, response: ServerResponse) => void serve(handler, request, response);
  let server: Server = createServer(listener);
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
    async start() {
      server = createServer(listener);
      await listen(port);
    },
  };
}

async function serve(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) gone.abort(new Error("the client has gone"));
  });
  try {
    await handler(request.url ?? "/", await bodyOf(request), response, gone.signal);
  } catch {
    // Only a client that has gone, or the town's end: nobody is left to be told.
    response.destroy();
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return pieces.length === 0 ? undefined : (JSON.parse(Buffer.concat(pieces).toString("utf8")) as unknown);
}

export const sendJson = (response: ServerResponse, body: object, status = 200): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** An answer in pieces, as models speak. */
export function piecesOf(text: string, count = 4): readonly string[] {
  const size = Math.ceil(text.length / count);
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
}
