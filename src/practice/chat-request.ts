import { z } from "zod";

/** What `/api/chat` takes; unknown fields are ignored, as Ollama ignores them. */
const ChatBody = z.object({
  model: z.string().default(""),
  messages: z.array(z.object({ role: z.string(), content: z.string().default("") })).nullish(),
  stream: z.boolean().nullish(),
  format: z.unknown().optional(),
  keep_alive: z.union([z.number(), z.string()]).nullish(),
  think: z.union([z.boolean(), z.string()]).nullish(),
  tools: z.array(z.unknown()).nullish(),
  truncate: z.boolean().nullish(),
  shift: z.boolean().nullish(),
  options: z.looseObject({ num_predict: z.number().nullish(), num_ctx: z.number().nullish() }).nullish(),
});
export type ChatBody = z.infer<typeof ChatBody>;

const GenerateBody = ChatBody.omit({ messages: true })
  .extend({ prompt: z.string().default(""), system: z.string().nullish() })
  .transform(({ prompt, system, ...rest }): ChatBody => {
    const said = [
      { role: "system", content: system ?? "" },
      { role: "user", content: prompt },
    ].filter(({ content }) => content !== "");
    // Without a prompt it is an order to load the model, or to unload it.
    return { ...rest, messages: prompt === "" ? [] : said };
  });

/** An answer that is an error: Ollama always says `{"error"}`. */
export interface ErrorReply {
  readonly status: number;
  readonly error: string;
}

export const isErrorReply = (value: object): value is ErrorReply => "status" in value && "error" in value;

/** Ollama's two ways to ask one thing: a list of messages, or a prompt. */
export type Way = "chat" | "generate";

/** The request, or the error Ollama gives for one it cannot read. A prompt becomes the one message it is. */
export function parseQuestion(text: string, way: Way): ChatBody | ErrorReply {
  if (text === "") return { status: 400, error: "missing request body" };
  const json = parseJson(text);
  if (json === undefined) return { status: 400, error: `invalid character '${text.charAt(0)}' looking for beginning of value` };
  const shape: z.ZodType<ChatBody> = way === "chat" ? ChatBody : GenerateBody;
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
  const request = way === "chat" ? "ChatRequest" : "GenerateRequest";
  return { status: 400, error: `json: cannot unmarshal value into Go struct field ${request}.${path}` };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // no JSON text parses to undefined, so the caller can tell
  }
}
