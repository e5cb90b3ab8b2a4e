import type { CompletionProvider } from "../../../src/capabilities/completion/contract.ts";
import type { ProviderName } from "../../../src/config.ts";
import { providerAt, type Walking, walker } from "../cell.ts";
import { DIALECTS, NEXT } from "../dialects/all.ts";
import { whole } from "../dialects/dialect.ts";
import { type Question, type Reply, type Server, startServer } from "../http.ts";
import { type CellPorts, type Lab, openPorts, type PortOptions } from "../lab.ts";
import { GOOD } from "../question.ts";
import type { Row } from "../row.ts";

export interface StageOptions extends PortOptions {
  readonly first: ProviderName;
  answer(question: Question): Reply;
  /** Of the second; it answers well unless given. */
  answerSecond?(question: Question): Reply;
  /** Where the first one is, instead of at a server of its own. */
  readonly firstUrl?: string;
  readonly clocks?: Row["clocks"];
}

/** Two servers, a chain and its ports; all gone with `close()`. */
export interface Stage {
  readonly first: Server;
  readonly second: Server;
  readonly ports: CellPorts;
  readonly chain: readonly CompletionProvider[];
  /** @returns what asks the chain one question */
  asker(more: Partial<Walking>): ReturnType<typeof walker>;
  close(): Promise<void>;
}

export async function openStage(lab: Lab, options: StageOptions): Promise<Stage> {
  const [one, two] = [DIALECTS[options.first], DIALECTS[NEXT[options.first]]];
  const ports = openPorts(lab, options);
  const first = await startServer({ answer: options.answer, ...(one.aside && { aside: one.aside }) });
  const second = await startServer({ answer: options.answerSecond ?? (() => whole(two, GOOD)) });
  const chain = [providerAt(one.name, options.firstUrl ?? first.url, options.clocks), providerAt(two.name, second.url)];
  return {
    first,
    second,
    ports,
    chain,
    asker: (more) => walker({ ports, chain, signal: lab.signal, ...more }),
    async close() {
      ports.close();
      await Promise.all([first.close(), second.close()]);
    },
  };
}

export async function onStage(lab: Lab, options: StageOptions, act: (stage: Stage) => Promise<string>): Promise<string> {
  const stage = await openStage(lab, options);
  try {
    return await act(stage);
  } finally {
    await stage.close();
  }
}
