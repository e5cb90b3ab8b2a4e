import type { ProviderName } from "../../../src/config.ts";
import type { Reply } from "../http.ts";
import { deadUrl } from "../http.ts";
import type { Scene } from "../play.ts";
import { onStage } from "./stage.ts";

const CALLS = 16;

/** Sixteen calls at once with the first provider down: peers lose half of them, or nearly all. */
const sixteen = (id: string, first: ProviderName, what: string, down: Reply | "refuses"): Scene => ({
  id,
  provider: first,
  what,
  expected: `${CALLS} answered, 0 lost`,
  async play(lab, plant) {
    const firstUrl = down === "refuses" ? { firstUrl: await deadUrl() } : {};
    const answer = () => (down === "refuses" ? {} : down);
    return await onStage(lab, { name: `${id}-${first}`, first, answer, ...firstUrl }, async (stage) => {
      const all = await Promise.all(Array.from({ length: CALLS }, () => stage.asker({ plant })()));
      // "which is not what was said" stands at the end of an answer that is not the right one.
      const answered = all.filter(({ outcome, said }) => outcome.kind === "answered" && said.endsWith("answered")).length;
      return `${answered} answered, ${CALLS - answered} lost`;
    });
  },
});

const failing: Reply = { status: 503, body: '{"error":{"message":"down","type":"server_error","code":null}}' };

export const SIXTEEN: readonly Scene[] = [
  sixteen("C16", "openai", "sixteen calls at once, the first provider fails", failing),
  sixteen("C16", "ollama", "sixteen calls at once, the local model fails", { status: 500, body: '{"error":"out of memory"}' }),
  sixteen("C16.refused", "openai", "sixteen calls at once, nobody listens at the first provider", "refuses"),
  sixteen("C16.refused", "ollama", "sixteen calls at once, nobody listens at the local model", "refuses"),
];
