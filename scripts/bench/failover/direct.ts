import OpenAI from "openai";
import type { Prompt } from "../../../src/capabilities/completion/contract.ts";

export interface Direct {
  /** @returns the whole text. @throws what the client throws */
  ask(): Promise<string>;
}

/** The openai client as its own README uses it, with one client for all calls and the same question as ours. */
export function direct(url: string, prompt: Prompt, maxRetries?: number): Direct {
  const client = new OpenAI({ apiKey: "stand-in", baseURL: `${url}/v1`, ...(maxRetries !== undefined && { maxRetries }) });
  return {
    async ask() {
      const stream = await client.chat.completions.create({
        model: "gpt-5-mini",
        messages: [
          { role: "system", content: prompt.system },
          { role: "user", content: prompt.user },
        ],
        max_completion_tokens: prompt.maxTokens,
        reasoning_effort: "low",
        response_format: { type: "json_schema", json_schema: { name: prompt.schemaName, strict: true, schema: { ...prompt.schema } } },
        store: false,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
      return text;
    },
  };
}
