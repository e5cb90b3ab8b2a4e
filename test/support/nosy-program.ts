import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { Worker } from "node:worker_threads";
import { answerQuestions, say } from "../../src/documents/pdf/talk.ts";

/** Tries what a hostile document would try from inside, and says what came of it. */
const TRIES: Readonly<Record<string, () => unknown>> = {
  "reads a file": () => readFileSync("/etc/passwd"),
  "reads its own program's settings": () => readFileSync("/proc/self/environ"),
  "writes a file": () => writeFileSync(`${tmpdir()}/ecluse-nosy`, "x"),
  "starts a process": () => execFileSync("/bin/true"),
  "starts a thread": () => new Worker("", { eval: true }),
  "runs a text as a program": () => Function("return 1")(),
};

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return "done";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String((error as Error).name);
  }
};

answerQuestions(async (message) => {
  const tries = Object.fromEntries(Object.entries(TRIES).map(([name, act]) => [name, codeOf(act)]));
  const { port } = message as { readonly port: number };
  const reached = await new Promise((resolve) => {
    connect(port, "127.0.0.1", () => resolve("done")).on("error", () => resolve("refused"));
  });
  say({ tries, reached, networks: Object.keys(networkInterfaces()), settings: Object.keys(process.env), arguments: process.argv.length });
});
