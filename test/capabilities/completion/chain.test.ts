import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { completionChain } from "../../../src/capabilities/completion/chain.ts";
import { PROVIDER_NAMES, readConfig } from "../../../src/config.ts";

/** The packages under node_modules that a fresh Node loads for a piece of code. */
async function packagesLoadedBy(code: string): Promise<readonly string[]> {
  const watch = `
    import { registerHooks } from "node:module";
    const seen = new Set();
    registerHooks({ load(url, context, next) { const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]; if (name) seen.add(name); return next(url, context); } });
    ${code}
    process.stdout.write(JSON.stringify([...seen].sort()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", watch], {
    cwd: new URL("../../..", import.meta.url),
  });
  return JSON.parse(stdout) as readonly string[];
}

const CHAIN = `const { completionChain } = await import("./src/capabilities/completion/chain.ts");`;
const CONFIG = `const { readConfig } = await import("./src/config.ts");`;

describe("the chain of engines", { timeout: 20_000 }, () => {
  it("asks the local one first, then the clouds in the order of the settings", () => {
    assert.deepEqual(
      completionChain(readConfig({})).map(({ name }) => name),
      PROVIDER_NAMES,
    );
    assert.deepEqual(
      completionChain(readConfig({ PROVIDER_CHAIN: "mistral, ollama" })).map(({ name }) => name),
      ["mistral", "ollama"],
    );
  });

  it("keeps an engine without a key in its place, so that a result can say it was passed over", () => {
    assert.deepEqual(
      completionChain(readConfig({ MISTRAL_API_KEY: "k" })).map(({ name, unavailable }) => `${name} ${unavailable ?? "ready"}`),
      ["ollama ready", "openai no-key", "claude no-key", "mistral ready", "gemini no-key"],
    );
  });

  it("leaves the server only through engines that say so: all but the local one are clouds without a slot", () => {
    for (const { name, site, slots } of completionChain(readConfig({}))) {
      assert.equal(site.kind, name === "ollama" ? "local" : "cloud");
      assert.deepEqual(slots, name === "ollama" ? ["ollama"] : undefined);
    }
  });

  it("loads no vendor's package until that vendor is asked", async () => {
    const packages = await packagesLoadedBy(`${CHAIN} ${CONFIG} completionChain(readConfig({}));`);
    assert.deepEqual(
      packages.filter((name) => !["zod", "fastest-levenshtein", "node-cron"].includes(name)),
      [],
    );
  });

  it("loads the package of the vendor that is asked, and no other", async () => {
    const packages = await packagesLoadedBy(`${CHAIN} ${CONFIG}
      const [engine] = completionChain(readConfig({ PROVIDER_CHAIN: "openai mistral", OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://127.0.0.1:9" }));
      await engine.call({ system: "", user: "", schemaName: "s", schema: {}, maxTokens: 1 }, { signal: new AbortController().signal }).catch(() => {});`);
    assert.ok(packages.includes("openai"));
    assert.ok(!packages.includes("@mistralai/mistralai"));
  });
});
