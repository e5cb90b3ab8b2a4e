import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Completion, CompletionProvider } from "../../src/capabilities/completion/contract.ts";
import { Fault, type FaultKind } from "../../src/core/fault.ts";
import { PROMPT, SENTENCE } from "./provider-case.ts";

/** Asks the provider the suite's question. */
export const ask = (provider: CompletionProvider, signal: AbortSignal = new AbortController().signal): Promise<Completion> =>
  provider.call(PROMPT, { signal });

/**
 * What a call throws, which must be a fault that carries nothing of the request in whatever a logger could print of it.
 *
 * @throws AssertionError when the call answers, throws something else, or quotes the citizen
 */
export async function faultFrom(call: Promise<unknown>): Promise<Fault> {
  const thrown: unknown = await call.then(
    () => assert.fail("the call answered, where a fault was expected"),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof Fault, `threw ${inspect(thrown)}`);
  const shown = [thrown.message, thrown.causes, thrown.stack, JSON.stringify(thrown), inspect(thrown, { depth: 20, showHidden: true })];
  assert.ok(!shown.join("\n").includes(SENTENCE), `the fault quotes the request: ${shown.join("\n")}`);
  return thrown;
}

export async function assertFault(call: Promise<unknown>, kind: FaultKind): Promise<Fault> {
  const fault = await faultFrom(call);
  assert.equal(fault.kind, kind, `${fault.message} (${fault.causes})`);
  return fault;
}

/** Runs the garbage collector now: some SDKs lose their signal to it. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
}

/** Settles when a client of this process has read the headers of an answer, so that what follows happens in mid-body. */
export function nextHeadersRead(): Promise<void> {
  const channel = "undici:request:headers";
  return new Promise((resolve) => {
    const heard = () => {
      unsubscribe(channel, heard);
      resolve();
    };
    subscribe(channel, heard);
  });
}

const METHODS = ["log", "info", "warn", "error", "debug", "trace", "dir"] as const;

/** Records what is printed to the console instead of printing it, until `restore`. */
export function recordConsole(): { readonly printed: string[]; restore(): void } {
  const printed: string[] = [];
  const target = globalThis.console;
  const real = METHODS.map((method) => [method, target[method]] as const);
  for (const method of METHODS) target[method] = (...words: unknown[]) => void printed.push(words.map((word) => inspect(word)).join(" "));
  return {
    printed,
    restore: () => {
      for (const [method, print] of real) target[method] = print;
    },
  };
}

/**
 * Variables by which SDKs let an environment send the text elsewhere or print it, all set against us until the returned
 * function is called.
 */
export function hostileEnvironment(): () => void {
  const hostile: Readonly<Record<string, string>> = {
    OPENAI_LOG: "debug",
    OPENAI_BASE_URL: "http://127.0.0.1:9/elsewhere",
    OPENAI_ORG_ID: "org-of-somebody-else",
    OPENAI_PROJECT_ID: "project-of-somebody-else",
    ANTHROPIC_LOG: "debug",
    ANTHROPIC_BASE_URL: "http://127.0.0.1:9/elsewhere",
    ANTHROPIC_AUTH_TOKEN: "token-of-somebody-else",
    MISTRAL_DEBUG: "true",
    OLLAMA_HOST: "http://127.0.0.1:9",
    OLLAMA_API_KEY: "key-of-somebody-else",
  };
  const before = Object.keys(hostile).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, hostile);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
