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

/** An answer that is an error: Ollama always says `{"error"}`. */
export interface ErrorReply {
  readonly status: number;
  readonly error: string;
}

export const isErrorReply = (value: object): value is ErrorReply => "status" in value && "error" in value;

/** The request, or the error Ollama gives for one it cannot read. */
export function parseChat(text: string): ChatBody | ErrorReply {
  if (text === "") return { status: 400, error: "missing request body" };
  const json = parseJson(text);
  if (json === undefined) return { status: 400, error: `invalid character '${text.charAt(0)}' looking for beginning of value` };
  const parsed = ChatBody.safeParse(json);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.map(String).join(".") ?? "";
  return { status: 400, error: `json: cannot unmarshal value into Go struct field ChatRequest.${path}` };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // no JSON text parses to undefined, so the caller can tell
  }
}
