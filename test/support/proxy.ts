import { once } from "node:events";
import { createServer, connect as dial, type Socket } from "node:net";

/** A wire between a client and a server on loopback that can lose what the server says. */
export interface Proxy {
  readonly port: number;
  /** From the next byte of a client on, nothing the server says gets through; settles when such a request went through. */
  swallowReplies(): Promise<void>;
  /** Cuts every connection; new ones work. */
  cut(): void;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const mute = new Set<Socket>();
  let onRequest: (() => void) | undefined;
  const server = createServer((client) => {
    const upstream = dial(target, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (bytes) => {
      if (onRequest !== undefined) {
        mute.add(client);
        upstream.once("data", onRequest);
        onRequest = undefined;
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (!mute.has(client)) client.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    swallowReplies: () => new Promise((heard) => (onRequest = heard)),
    cut,
    async stop() {
      const closed = once(server, "close");
      server.close();
      cut();
      await closed;
    },
  };
}
