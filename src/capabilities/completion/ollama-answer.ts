import { z } from "zod";
import { Fault } from "../../core/fault.ts";
import { vendorFault } from "../wire.ts";
import type { Completion, Finish } from "./contract.ts";
import { checkModel } from "./model-name.ts";
import { fullName, isRemote, isSameModel } from "./ollama-list.ts";

const count = z.number().optional();
const Part = z.object({
  model: z.string().min(1),
  message: z.object({ content: z.string().optional(), thinking: z.string().optional() }).optional(),
  done: z.boolean(),
  done_reason: z.string().optional(),
  prompt_eval_count: count,
  eval_count: count,
  remote_host: z.string().optional(),
  remote_model: z.string().optional(),
});
type Part = z.infer<typeof Part>;

/**
 * The whole answer of the asked model, or a fault.
 *
 * @param asked    the model's name in the settings
 * @param said     told of each piece of the answer
 * @throws Fault "egress-breach" | "model-missing" | "misconfigured" | "invalid-answer" | "server-error"
 */
export async function readAnswer(stream: AsyncIterable<unknown>, asked: string, said: (piece: string) => void): Promise<Completion> {
  let text = "";
  let thoughts = "";
  for await (const line of stream) {
    const part = Part.safeParse(line).data;
    if (part === undefined) throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
    refuseOthers(part, asked);
    const { content = "", thinking = "" } = part.message ?? {};
    text += content;
    thoughts += thinking;
    // Not the thoughts: a model that only thinks is stuck all the same (S09).
    said(content);
    if (part.done) return completionOf(part, text, thoughts.trim() !== "");
  }
  throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
}

function refuseOthers(part: Part, asked: string): void {
  // The text has left the building although the address is local (O26): nothing more may be sent until a person has looked.
  if (isRemote({ ...part, name: part.model })) {
    throw new Fault("egress-breach", "ollama let a model on another machine answer: choose a local one and set OLLAMA_NO_CLOUD=1");
  }
  if (!isSameModel(asked, part.model)) checkModel("ollama", fullName(asked), fullName(part.model));
}

function completionOf(last: Part, text: string, hasThought: boolean): Completion {
  const { model, done_reason = "", prompt_eval_count: tokensIn, eval_count: tokensOut } = last;
  // What Ollama says to a question without a message (O06, O07).
  if (done_reason === "load" || done_reason === "unload") {
    throw new Fault("misconfigured", `ollama took the question for an order to ${done_reason} its model: a bug of ours, please report it`);
  }
  const isBlank = text.trim() === "";
  // Asked not to, it thinks all the same, and its tokens are gone before it answers (O23).
  if (isBlank && hasThought) {
    throw new Fault(
      "invalid-answer",
      `ollama's model ${fullName(model)} only thought and answered nothing: choose one that does not think`,
      {
        status: 200,
      },
    );
  }
  const finish = FINISHES[done_reason] ?? "other";
  // A whole answer without a word is none (Q07).
  return { text, model, finish: finish === "complete" && isBlank ? "other" : finish, tokensIn, tokensOut };
}

const FINISHES: Readonly<Record<string, Finish>> = { stop: "complete", length: "cut" };
