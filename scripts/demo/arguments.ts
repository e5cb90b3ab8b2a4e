import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { type Config, ConfigError, loadConfig } from "../../src/config.ts";
import { codeOf } from "../../src/core/fault.ts";
import { UsageError } from "../command.ts";
import { DEMO_DIR } from "./ground.ts";
import type { Pace } from "./practice-thread.ts";

/** Samples of the project, wherever the command is typed. */
export const SAMPLES = resolve(import.meta.dirname, "..", "..", "samples");

export const OPTIONS = {
  documents: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
  practice: { type: "boolean", default: false },
  "delay-ms": { type: "string" },
} as const;

export const HELP = `Usage: npm run demo -- [--documents DIR] [--out DIR] [--practice] [--json]

Documents and twenty contributions go through the queue, the lock and a model, and come out as reports. A Redis of its own,
in ${DEMO_DIR}, which is emptied at each start. A real Ollama if one answers at OLLAMA_HOST, else the practice model, which is
no language model. Nothing leaves this machine unless the key of a cloud provider is set.

  --documents DIR  analyse this folder instead of the samples; it is only read
  --out DIR        folder of the reports (default out; out/demo when this installation has results of its own)
  --practice       the practice model, even where an Ollama answers
  --delay-ms N     pause of the practice model before each token (default: a pace that can be watched)
  --json           one JSON document on stdout: documents, contributions, calls, localShare, waitMs, failures, reports and more
  --help           this text

Exit code: 0 all was done (a document without any text counts as done, and is named), 1 something failed, 2 wrong arguments or
settings, 130 ended with Ctrl-C.
`;

export interface Asked {
  readonly config: Config;
  readonly isJson: boolean;
  readonly isPractice: boolean;
  readonly pace: Pace;
}

interface Values {
  readonly documents?: string | undefined;
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
  readonly practice?: boolean | undefined;
  readonly "delay-ms"?: string | undefined;
}

/** About 15 s for the samples: long enough to see who waits. On a large folder all pauses together stay below 45 s. */
const WATCHABLE: Pace = { tokenDelayMs: 0.6, budgetMs: 45_000 };

/** @throws UsageError or ConfigError, before anything is started or written */
export function takeArguments(values: Values): Asked {
  const documents = values.documents === undefined ? join(SAMPLES, "documents") : folderOf(values.documents);
  const pace =
    values["delay-ms"] === undefined ? WATCHABLE : { tokenDelayMs: delayOf(values["delay-ms"]), budgetMs: Number.POSITIVE_INFINITY };
  const config = loadConfig(
    {
      DOCUMENTS_DIR: documents,
      OUT_DIR: values.out ?? outDir(),
      DATA_DIR: DEMO_DIR,
      ...(values.documents === undefined ? { TOWN: "Port-Kerelec" } : {}),
    },
    { LOG_LEVEL: "silent" },
  );
  makeOut(config.OUT_DIR, documents);
  return { config, isJson: values.json === true, isPractice: values.practice === true, pace };
}

function folderOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`--documents: there is no folder ${path}`);
  if (!found.isDirectory()) throw new UsageError(`--documents: ${path} is no folder`);
  try {
    readdirSync(path);
  } catch (error) {
    throw new UsageError(`--documents: ${path} cannot be read (${codeOf(error) ?? "no code"})`);
  }
  return path;
}

function delayOf(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= 0 && number <= 60_000)) throw new UsageError("--delay-ms must be a number from 0 to 60000");
  return number;
}

/** A fictional town must not take the place of a real one's list of reports. */
function outDir(): string {
  const own = loadConfig();
  return existsSync(join(own.DATA_DIR, "results")) ? join("out", "demo") : "out";
}

function makeOut(out: string, documents: string): void {
  // The next run would read this one's reports as documents.
  if (`${resolve(out)}${sep}`.startsWith(`${resolve(documents)}${sep}`)) {
    throw new UsageError(`--out: ${out} lies in the folder of the documents, which is only read: choose another one`);
  }
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw new ConfigError([`--out: the folder ${out} cannot be made (${codeOf(error) ?? "no code"})`]);
  }
}
