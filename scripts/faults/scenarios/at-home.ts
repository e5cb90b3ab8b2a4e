import { DIALECTS } from "../dialects/all.ts";
import { whole } from "../dialects/dialect.ts";
import type { Reply } from "../http.ts";
import type { Lab } from "../lab.ts";
import { GOOD } from "../question.ts";
import { onStage, type Stage } from "./stage.ts";

export const goodAtHome = (more: Partial<Reply> = {}): Reply => ({ ...whole(DIALECTS.ollama, GOOD), ...more });

/** On a stage of the local model, which answers what is given, once `happens` has happened. */
export const atHome = (
  lab: Lab,
  { id, leaseMs, happens }: { readonly id: string; readonly leaseMs?: number; happens?(): Promise<unknown> },
  reply: (nth: number) => Reply,
  act: (stage: Stage) => Promise<string>,
): Promise<string> =>
  onStage(
    lab,
    {
      name: id,
      first: "ollama",
      ...(leaseMs && { leaseMs }),
      answer({ nth }) {
        if (nth === 0) void happens?.().catch(() => {});
        return reply(nth);
      },
    },
    act,
  );
