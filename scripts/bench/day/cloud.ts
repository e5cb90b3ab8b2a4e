import type { ServerResponse } from "node:http";
import { z } from "zod";
import { piecesOf, sendJson, startServer, type TownServer } from "./http.ts";
import type { TownRecord } from "./record.ts";
import { answerTo, idIn } from "./texts.ts";
import { sharedMs, type TownClock } from "./town-clock.ts";

/** Seconds of town time: a large machine answers soon, and many at a time. */
const SECONDS = 4;

const Body = z.object({
  model: z.string(),
  messages: z.array(z.object({ content: z.string() })),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().optional() }).optional(),
});
type Body = z.infer<typeof Body>;

/** A cloud on OpenAI's wire, streamed or not, that answers what leaves the town so that it can be counted. */
export const startCloud = (clock: TownClock, record: TownRecord): Promise<TownServer> =>
  startServer(async (path, raw, response, gone) => {
    if (path !== "/v1/chat/completions") return sendJson(response, { error: { message: "not found" } }, 404);
    const body = Body.parse(raw);
    const id = idIn(body.messages.map(({ content }) => content).join("\n"));
    const served = record.arrived("cloud", id);
    served.startedAt = served.arrivedAt;
    try {
      await clock.sleep(SECONDS, gone);
      answer(body, answerTo(id), response);
      served.isAnswered = true;
    } finally {
      served.endedAt = sharedMs();
    }
  });

const USAGE = { prompt_tokens: 100, completion_tokens: 100, total_tokens: 200 };

function answer({ model, stream, stream_options }: Body, content: string, response: ServerResponse): void {
  const about = { id: "chatcmpl-town", created: 0, model };
  if (!stream) {
    const message = { role: "assistant", content, refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
    sendJson(response, { ...about, object: "chat.completion", choices, usage: USAGE });
    return;
  }
  const event = (choices: readonly object[], more: object = {}) =>
    `data: ${JSON.stringify({ ...about, object: "chat.completion.chunk", choices, ...more })}\n\n`;
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of piecesOf(content)) {
    response.write(event([{ index: 0, delta: { role: "assistant", content: piece }, finish_reason: null }]));
  }
  response.write(event([{ index: 0, delta: {}, finish_reason: "stop" }]));
  if (stream_options?.include_usage) response.write(event([], { usage: USAGE }));
  response.end("data: [DONE]\n\n");
}
