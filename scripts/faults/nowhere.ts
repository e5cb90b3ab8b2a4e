import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { selfMadeCertificate } from "./certificate.ts";
import { deadUrl, type Server, startServer } from "./http.ts";
import type { Nowhere } from "./row.ts";

/** An address that gives no HTTP answer, in one of the ways there are. */
export async function startNowhere(kind: Nowhere): Promise<Server> {
  if (kind === "bad certificate") return await startServer({ answer: () => ({ status: 200, body: "{}" }), tls: selfMadeCertificate() });
  if (kind === "never connects") return await deafServer();
  return { url: kind === "refuses" ? await deadUrl() : NO_NAME, questions: [], close: async () => {} };
}

/** Longer than a name may be: known to be none without asking anybody, on a machine without network, too. */
const NO_NAME = `http://${"nobody".repeat(11)}.invalid`;

/** Listens and never takes a connection: its thread sleeps. When its queue of two is full, the system answers nobody any more. */
const DEAF = `
const { createServer } = require("node:net");
const { parentPort } = require("node:worker_threads");
const server = createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

async function deafServer(): Promise<Server> {
  const worker = new Worker(DEAF, { eval: true });
  const [port] = (await once(worker, "message")) as [number];
  const fill: Socket[] = Array.from({ length: 8 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  // The first two are in its queue: from then on the others, and whoever comes after, are not answered.
  await Promise.all(fill.slice(0, 2).map((socket) => once(socket, "connect")));
  return {
    url: `http://127.0.0.1:${port}`,
    questions: [],
    async close() {
      for (const socket of fill) socket.destroy();
      await worker.terminate();
    },
  };
}
