import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { describe, it } from "node:test";
import { ROOT, run } from "./support/command.ts";

/** Each folder or file, and what of this project it may import besides itself. The first row that fits counts. */
const MAY_IMPORT: readonly (readonly [place: string, ...allowed: string[]])[] = [
  ["src/core/"],
  ["src/policy/", "src/core/"],
  ["src/failover/", "src/core/", "src/policy/"],
  ["src/lock/", "src/core/"],
  ["src/trouble/", "src/core/", "src/policy/"],
  ["src/clock.ts", "src/core/"],
  ["src/whole-file.ts", "src/core/"],
  ["src/log.ts", "src/core/", "src/config.ts"],
  ["src/log-events.ts", "src/core/", "src/policy/", "src/log.ts"],
  ["src/config-shapes.ts"],
  ["src/config-slips.ts"],
  ["src/config-ocr.ts", "src/config-shapes.ts"],
  ["src/config.ts", "src/config-shapes.ts", "src/config-slips.ts", "src/config-ocr.ts"],
  ["src/settings-text.ts", "src/config.ts"],
  ["src/queue/", "src/core/", "src/policy/"],
  // What is kept has the shape of what the two jobs make.
  ["src/ledger/", "src/core/", "src/whole-file.ts", "src/documents/", "src/contributions/"],
  ["src/capabilities/", "src/core/", "src/config.ts", "src/config-ocr.ts"],
  ["src/contributions/", "src/core/", "src/capabilities/completion/contract.ts"],
  [
    "src/documents/",
    "src/core/",
    "src/clock.ts",
    "src/whole-file.ts",
    "src/capabilities/completion/contract.ts",
    "src/capabilities/ocr/contract.ts",
    "src/contributions/categories.ts",
    // The answer that a contribution made from a document must have.
    "src/contributions/verdict.ts",
  ],
  // Only the demo, the tests and the mark on its results know of the practice model.
  ["src/practice/", "src/core/", "src/clock.ts", "src/contributions/", "src/documents/"],
  ["src/assemble.ts", "src/", "jobs/"],
  [
    "jobs/",
    "src/core/",
    "src/config.ts",
    "src/capabilities/",
    "src/documents/",
    "src/contributions/",
    "src/practice/models.ts",
    "src/queue/enqueue.ts",
  ],
  ["workers/", "jobs/", "src/assemble.ts", "src/config.ts", "src/log.ts", "src/core/", "src/queue/"],
  ["scripts/", "jobs/", "workers/", "src/"],
];

/** The one home of each package: replacing it touches nothing else. */
const HOME: Readonly<Record<string, readonly string[]>> = {
  ollama: ["src/capabilities/completion/ollama.ts"],
  openai: ["src/capabilities/completion/openai.ts", "scripts/bench/failover/"],
  "@anthropic-ai/sdk": ["src/capabilities/completion/claude.ts"],
  "@mistralai/mistralai": ["src/capabilities/completion/mistral.ts"],
  "@google/generative-ai": ["src/capabilities/completion/gemini.ts"],
  bullmq: ["src/queue/", "workers/start-worker.ts", "scripts/bench/"],
  ioredis: ["src/queue/", "src/lock/", "src/trouble/", "scripts/bench/"],
  // The settings refuse a line that the scheduler could not read.
  "node-cron": ["workers/scheduler.ts", "src/config.ts"],
  "pdf-parse": ["src/documents/pdf/", "scripts/samples/", "scripts/bench/pdf/"],
  pino: ["src/log.ts"],
  undici: ["src/capabilities/completion/ollama.ts", "src/capabilities/completion/ollama-wire.ts"],
  "tesseract.js-core": ["src/capabilities/ocr/packaged-reader.ts"],
  zod: ["src/", "jobs/", "scripts/bench/", "scripts/eval/"],
  "approx-string-match": ["src/documents/quotes.ts"],
  "fastest-levenshtein": ["src/documents/", "src/config-slips.ts"],
  "cli-table3": ["scripts/"],
  // Only measured beside ours.
  redlock: ["scripts/bench/"],
  "redis-semaphore": ["scripts/bench/"],
  "log-update": ["scripts/"],
  "@napi-rs/canvas": ["scripts/samples/"],
};

/** What only one place may do, the places that may, and why. */
const ONLY_IN: readonly { readonly what: RegExp; readonly words: string; readonly places: readonly string[] }[] = [
  // A bench starts its own programs, which need the environment of their parent.
  { what: /\bprocess\.env\b/, words: "the environment is read", places: ["src/config.ts", "scripts/bench/"] },
  { what: /\bconsole\.\w/, words: "the console is written to", places: ["scripts/"] },
  {
    what: /(?<!override )\bset(Timeout|Interval|Immediate)\(|"node:timers/,
    words: "a timer is set",
    // A call's deadline, the start of a server and the end of a process belong to the real world, whatever clock a test brings.
    places: [
      "src/clock.ts",
      "src/capabilities/wire.ts",
      // A lease ends when the server's clock says so, whatever clock a test brings.
      "src/lock/alarm.ts",
      "src/queue/embedded-redis.ts",
      "src/log.ts",
      "workers/",
      "scripts/",
    ],
  },
  {
    what: /\bDate\.now\(|\bnew Date\(\)/,
    words: "the time of day is read",
    // Each as the default of a parameter, or at the edge to the queue.
    places: ["src/clock.ts", "src/capabilities/wire.ts", "workers/start-worker.ts", "scripts/"],
  },
];

/** Programs: run, not imported. */
const PROGRAMS = [
  "workers/index.ts",
  "src/capabilities/ocr/packaged-reader.ts",
  "src/documents/pdf/text-program.ts",
  "src/documents/pdf/picture-program.ts",
];

const filesOf = (folder: string, ending: string): readonly string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => posix.join(folder, name))
    .sort();
const PARTS = ["src", "jobs", "workers", "scripts"];
const FILES = PARTS.flatMap((folder) => filesOf(folder, ".ts"));
const TESTS = filesOf("test", ".ts");
const textOf = (file: string): string => readFileSync(`${ROOT}${file}`, "utf8");
/** Comments may speak of what code may not do. */
const codeOf = (file: string): string => textOf(file).replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");

const importsOf = (file: string): readonly string[] =>
  [...codeOf(file).matchAll(/^(?:import|export)\b[^;"=]*?\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? "",
  );
const isOurs = (name: string): boolean => name.startsWith(".");
const packageOf = (name: string): string => name.split("/", name.startsWith("@") ? 2 : 1).join("/");
const isIn = (file: string, places: readonly string[]): boolean =>
  places.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place));

describe("who may import whom", () => {
  it("lets every file import only what its place allows, so that decisions never depend on what touches the world", () => {
    const breaches = FILES.flatMap((file) => {
      const row = MAY_IMPORT.find(([place]) => isIn(file, [place]));
      assert.ok(row, `${file} has no row: which folders may it import?`);
      return importsOf(file)
        .filter(isOurs)
        .map((name) => posix.join(posix.dirname(file), name))
        .filter((target) => !isIn(target, row as readonly string[]))
        .map((target) => `${file} imports ${target}`);
    });
    assert.deepEqual(breaches, []);
  });
  it("gives every package one home, so that replacing it is one file", () => {
    const breaches = FILES.flatMap((file) =>
      importsOf(file)
        .filter((name) => !isOurs(name) && !isBuiltin(name))
        .filter((name) => !isIn(file, HOME[packageOf(name)] ?? []))
        .map((name) => `${file} imports ${name}`),
    );
    assert.deepEqual(breaches, []);
  });
  it("needs at run time no package that is only installed for development", () => {
    const { dependencies } = JSON.parse(textOf("package.json")) as { dependencies: Record<string, string> };
    const missing = FILES.filter((file) => !isIn(file, ["scripts/samples/", "scripts/bench/lock/"])).flatMap((file) =>
      importsOf(file).filter((name) => !isOurs(name) && !isBuiltin(name) && !(packageOf(name) in dependencies)),
    );
    assert.deepEqual(missing, []);
  });
  it("names Node's own modules by their prefix, so that no package can take their place", () => {
    const bare = FILES.flatMap((file) => importsOf(file).filter((name) => isBuiltin(name) && !name.startsWith("node:")));
    assert.deepEqual(bare, []);
  });
});

describe("what only one place may do", () => {
  for (const { what, words, places } of ONLY_IN) {
    it(`is seen to only there: where ${words}`, () => {
      assert.deepEqual(
        FILES.filter((file) => what.test(codeOf(file)) && !isIn(file, places)),
        [],
      );
    });
  }
  it("has no place in the lists above that does not need it any more", () => {
    const idle = ONLY_IN.flatMap(({ what, words, places }) =>
      places.filter((place) => !FILES.some((file) => isIn(file, [place]) && what.test(codeOf(file)))).map((place) => `${place}: ${words}`),
    );
    assert.deepEqual(idle, []);
  });
});

describe("what stays readable", () => {
  it("has no file over 300 lines", () => {
    assert.deepEqual(
      [...FILES, ...TESTS].filter((file) => textOf(file).split("\n").length > 300),
      [],
    );
  });
  it("silences the compiler nowhere, and calls nothing any", () => {
    const silencer = /@ts-(ignore|nocheck|expect-error)|biome-ignore/;
    const anything = /(:|\bas|<|\|)\s*any\b(?!\w)/;
    const breaches = [...FILES, ...TESTS].filter(
      (file) => file !== "test/architecture.test.ts" && (silencer.test(textOf(file)) || anything.test(codeOf(file))),
    );
    assert.deepEqual(breaches, []);
  });
  it("names in the head of each Lua script the keys and arguments that its body uses, no more and no fewer", () => {
    const scripts = filesOf("src", ".lua");
    assert.ok(scripts.length > 0);
    for (const file of scripts) {
      const lines = textOf(file).split("\n");
      const bodyAt = lines.findIndex((line) => !line.startsWith("--"));
      const body = lines.slice(bodyAt).map((line) => line.replace(/--.*$/, ""));
      assert.deepEqual(namesIn(lines.slice(0, bodyAt)), namesIn(body), file);
    }
  });
});

const namesIn = (lines: readonly string[]): readonly string[] => [...new Set(lines.join("\n").match(/\b(KEYS|ARGV)\[\d+\]/g))].sort();

/** Imports each file and prints what it left open, or what it said. */
const IMPORTER = `
const files = JSON.parse(process.argv[1]);
const left = [];
// A program's own output, which some package looks at.
const own = [process.stdout, process.stderr];
for (const file of files) {
  const before = process.getActiveResourcesInfo().length;
  await import(file);
  await new Promise(setImmediate);
  const open = process.getActiveResourcesInfo();
  if (open.length > before) left.push(file + ": " + open.join(", "));
}
process.stdout.write(JSON.stringify(left));
`;

describe("a file that is imported", () => {
  it("does nothing: connects to nobody, opens nothing, says nothing, reads no setting, and the program ends at once", async () => {
    const files = FILES.filter((file) => !file.startsWith("scripts/") && !PROGRAMS.includes(file)).map((file) => `${ROOT}${file}`);
    // Settings that would be refused, were they read.
    const env = { REDIS_URL: "nonsense", OLLAMA_HOST: "::", LOCK_DB: "x", DOCUMENTS_CRON: "never" };
    const ran = await run(process.execPath, ["--input-type=module", "--eval", IMPORTER, JSON.stringify(files)], { env, timeoutMs: 20_000 });
    assert.deepEqual(ran, { code: 0, stdout: "[]", stderr: "" });
  });
});
