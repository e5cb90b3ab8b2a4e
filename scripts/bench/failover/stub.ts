/** Three addresses on loopback, on a thread of their own: one answers at once, one with 500, one with 429. Started by the bench. */
import { parentPort, workerData } from "node:worker_threads";
import { type Reply, startServer } from "../../faults/http.ts";

export interface StubOrder {
  /** A whole streamed answer. */
  readonly good: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

const { good } = workerData as StubOrder;
const failing = (status: number): Reply => ({ status, body: '{"error":{"message":"no","type":"server_error","code":null}}' });
const tags = { body: '{"models":[{"name":"mistral:latest","model":"mistral:latest"}]}' };
const loaded = { body: '{"models":[{"name":"mistral:latest","model":"mistral:latest","context_length":8192}]}' };

/** What our local provider asks beside the question. */
const aside = (path: string): Reply | undefined => (path === "/api/tags" ? tags : path === "/api/ps" ? loaded : undefined);

const servers = await Promise.all([good, failing(500), failing(429)].map((reply) => startServer({ aside, answer: () => reply })));
parentPort?.postMessage(servers.map(({ url }) => url));
