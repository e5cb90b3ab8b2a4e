import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { SETTINGS } from "../src/config.ts";
import { envExample, withSettingsTable } from "../src/settings-text.ts";
import { ROOT, run, runNode } from "./support/command.ts";

const read = (name: string): string => readFileSync(`${ROOT}${name}`, "utf8");
const README = read("README.md");
const { scripts: COMMANDS } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };

const textsOf = (folder: string): string =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|lua|sh)$/.test(name))
    .map((name) => read(`${folder}/${name}`))
    .join("\n");
const CODE = ["src", "jobs", "workers", "scripts"].map(textsOf).join("\n");

describe("what the papers say of the settings", () => {
  it("names every setting in .env.example, with the words and values of the program itself", () => {
    assert.equal(read(".env.example"), envExample());
  });
  it("changes nothing when .env.example is copied as it is: every line is commented out", () => {
    const live = read(".env.example")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(live, []);
  });
  it("shows the same settings in the README's table", () => {
    assert.equal(README, withSettingsTable(README));
    for (const name of Object.keys(SETTINGS)) assert.ok(README.includes(`| \`${name}\` |`), `${name} is missing`);
  });
  it("has a command that finds no difference", async () => {
    const { code, stdout, stderr } = await runNode("scripts/env-example.ts", ["--check", "--json"]);
    assert.deepEqual([code, JSON.parse(stdout), stderr], [0, { differs: [] }, ""]);
  });
});

describe("what the README says", () => {
  /** As typed: the name of the script, and the words after it. */
  const typed = [...README.matchAll(/\bnpm (?:run ([\w:]+)|(start|test))(?: -- ([^`\n]+))?/g)].map((found) => ({
    name: found[1] ?? found[2] ?? "",
    words: (found[3] ?? "").split(" ").filter((word) => word.startsWith("--")),
  }));

  it("names only commands that there are", () => {
    assert.ok(typed.length > 10);
    for (const { name } of typed) assert.ok(name in COMMANDS, `npm run ${name}`);
    const missing = typed
      .map(({ name }) => /(?:scripts|workers)\/[\w-]+\.ts/.exec(COMMANDS[name] ?? "")?.[0])
      .filter((file) => file && !existsSync(`${ROOT}${file}`));
    assert.deepEqual(missing, []);
  });
  it("shows only options that the command explains on --help", async () => {
    const files = new Map<string, string[]>();
    for (const { name, words } of typed) {
      const file = /scripts\/[\w-]+\.ts/.exec(COMMANDS[name] ?? "")?.[0];
      if (file !== undefined && words.length > 0) files.set(file, [...(files.get(file) ?? []), ...words]);
    }
    files.set("scripts/health.ts", ["--role"]);
    await Promise.all(
      [...files].map(async ([file, words]) => {
        const { code, stdout } = await runNode(file, ["--help"]);
        assert.equal(code, 0, file);
        for (const word of words) assert.ok(stdout.includes(word), `${file} does not explain ${word}`);
      }),
    );
  });
  it("quotes only messages that the program has", () => {
    const trouble = README.slice(README.indexOf("## When something is wrong"), README.indexOf("## Limits"));
    const said = trouble
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| What you see"))
      .flatMap((line) => [...(line.split(" | ")[1] ?? "").matchAll(/`([^`]+)`/g)].map((found) => found[1] ?? ""))
      .filter((message) => !message.startsWith("redis-cli"));
    assert.ok(said.length > 8);
    assert.deepEqual(
      said.filter((message) => !CODE.includes(message) && !(message in SETTINGS)),
      [],
    );
  });
  it("looks for the lock where the program puts it", () => {
    const looks = README.match(/redis-cli -n \d+ (GET|DEL) [\w:]+\w/g) ?? [];
    assert.ok(looks.length > 0);
    for (const look of looks)
      assert.match(look, new RegExp(`^redis-cli -n ${SETTINGS.LOCK_DB.fallback} (GET|DEL) ${SETTINGS.LOCK_KEY.fallback}$`));
  });
});

describe("the other papers", () => {
  const papers = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ...["docs", "docs/decisions"].flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`)
        .filter((name) => name.endsWith(".md"))
        .map((name) => `${folder}/${name}`),
    ),
  ];

  it("lead nowhere that does not exist", () => {
    const dead = papers.flatMap((paper) =>
      [...read(paper).matchAll(/\]\((?!https?:)([^)#]+)/g)]
        .map((found) => new URL(found[1] ?? "", `file://${ROOT}${paper}`))
        .filter((url) => !existsSync(url))
        .map((url) => `${paper}: ${url.pathname}`),
    );
    assert.deepEqual(dead, []);
  });
  it("name only files that there are", () => {
    const gone = papers.flatMap((paper) =>
      [...read(paper).matchAll(/`((?:src|jobs|workers|scripts|test|docs|samples)\/[\w./-]+\.\w+)`/g)]
        .map((found) => found[1] ?? "")
        .filter((file) => !existsSync(`${ROOT}${file}`))
        .map((file) => `${paper}: ${file}`),
    );
    assert.deepEqual(gone, []);
  });
  it("explain no word that the code does not use", () => {
    const words = [...read("docs/words.md").matchAll(/^\| \*\*([a-z]+)\*\* \|/gm)].map((found) => found[1] ?? "");
    assert.ok(words.length >= 12);
    const source = textsOf("src");
    assert.deepEqual(
      words.filter((word) => !new RegExp(`\\b${word}|${word[0]?.toUpperCase()}${word.slice(1)}`).test(source)),
      [],
    );
  });
  it("say of each decision when it was taken, why, what follows, and what would change it", () => {
    for (const name of readdirSync(`${ROOT}docs/decisions`)) {
      assert.match(name, /^\d{4}-\d\d-\d\d-[a-z0-9-]+\.md$/);
      const text = read(`docs/decisions/${name}`);
      assert.ok(text.split("\n")[0]?.endsWith(`(${name.slice(0, 10)})`), `${name}: its first line ends with its date`);
      for (const heading of ["Context", "Choice", "Consequence", "What would change our mind"]) {
        assert.match(text, new RegExp(`^## ${heading}$`, "m"), `${name}: ${heading}`);
      }
    }
  });
  it("tell of each change what was before, what is now, and what you must do", () => {
    const lines = read("CHANGELOG.md")
      .split("\n")
      .filter((line) => line.startsWith("- "));
    assert.ok(lines.length > 0);
    for (const line of lines) assert.match(line, /^- \*\*Before:\*\* .+ \*\*Now:\*\* .+ \*\*You must:\*\* .+\.$/);
  });
  it("hold no path of a developer's machine, no key, and no address of a registry", async () => {
    const { stdout } = await run("git", ["ls-files", "-z"]);
    const texts = stdout
      .split("\0")
      .filter((name) => /\.(md|ts|json|yml|sh|lua|txt)$|^\.(ci|env|npmrc)|Dockerfile/.test(name) && existsSync(`${ROOT}${name}`));
    assert.ok(texts.length > 100);
    const found = texts.filter((name) => /(?<![\w.])\/(work|home|Users)\/\w+|\bsk-[A-Za-z0-9]{20,}|"resolved": /.test(read(name)));
    assert.deepEqual(
      found.filter((name) => name !== "test/repository.test.ts"),
      [],
    );
  });
});
