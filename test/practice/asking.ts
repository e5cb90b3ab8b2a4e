import type { TestContext } from "node:test";
import { Ollama } from "ollama";
import { dataField, wireSchema } from "../../src/capabilities/completion/contract.ts";
import { CharterAnswer } from "../../src/contributions/verdict.ts";
import { ChunkAnswer, ThemeContributions } from "../../src/documents/analysis.ts";
import { type PracticeOptions, type PracticeServer, startPractice } from "../../src/practice/server.ts";

/** A practice server that is closed after the test. */
export async function practiceFor(test: TestContext, options: PracticeOptions = {}): Promise<{ server: PracticeServer; ollama: Ollama }> {
  const server = await startPractice(options);
  test.after(() => server.close());
  return { server, ollama: new Ollama({ host: server.url }) };
}

const SYSTEM = { role: "system", content: "Réponds en français." };
const asking = (format: object, field: string, text: string) => ({
  model: "practice",
  messages: [SYSTEM, { role: "user", content: dataField(field, text) }],
  format,
  think: false,
});

/** The three questions of the project as `/api/chat` bodies. */
export const chunkChat = (document: string) => asking(wireSchema(ChunkAnswer), "document", document);
export const charterChat = (contribution: string) => asking(wireSchema(CharterAnswer), "contribution", contribution);
export const themeChat = (theme: string) => asking(wireSchema(ThemeContributions), "theme", theme);

/** One raw request, for what the SDK hides. */
export const post = (server: PracticeServer, body: unknown, signal?: AbortSignal): Promise<Response> =>
  fetch(`${server.url}/api/chat`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
