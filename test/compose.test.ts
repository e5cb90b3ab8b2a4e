import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { SETTINGS } from "../src/config.ts";
import { ROOT } from "./support/command.ts";

const COMPOSE = readFileSync(`${ROOT}docker-compose.yml`, "utf8").replace(/^ *#.*\n/gm, "");
const DOCKERFILE = readFileSync(`${ROOT}Dockerfile`, "utf8");

/**
 * The entries one level down, each with its lines moved to the left. Enough for a file that we write in block style ourselves;
 * a YAML parser would be a package for one test.
 */
function entries(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n")) {
    const key = /^([\w.<-][^\s:]*):(.*)$/.exec(line);
    if (key) {
      current = [(key[2] ?? "").trim()];
      found.set(key[1] ?? "", current);
    } else current.push(line.replace(/^ {2}/, ""));
  }
  return new Map([...found].map(([name, lines]) => [name, lines.join("\n").trim()]));
}

const TOP = entries(COMPOSE);
const anchors = new Map(
  [...TOP.values()].flatMap((text) => {
    const name = /^&(\S+)\n/.exec(text)?.[1];
    return name === undefined ? [] : [[name, text.slice(text.indexOf("\n") + 1)] as const];
  }),
);

/** A block with what `<<: *name` takes over; its own keys win. */
function merged(text: string): ReadonlyMap<string, string> {
  const own = entries(text);
  const from = /^\*(\S+)$/.exec(own.get("<<") ?? "")?.[1];
  const base = from === undefined ? [] : merged(anchors.get(from) ?? "");
  return new Map([...base, ...own]);
}

const SERVICES = new Map([...entries(TOP.get("services") ?? "")].map(([name, text]) => [name, merged(text)] as const));
const of = (service: string, key: string): string => SERVICES.get(service)?.get(key) ?? "";

function environmentOf(service: string): ReadonlyMap<string, string> {
  const text = of(service, "environment");
  const alias = /^\*(\S+)$/.exec(text)?.[1];
  return merged(alias === undefined ? text : (anchors.get(alias) ?? ""));
}

const networksOf = (service: string): readonly string[] =>
  of(service, "networks")
    .replace(/[[\]\s]/g, "")
    .split(",");

describe("docker-compose.yml", () => {
  it("has the services this test speaks of, and no others", () => {
    assert.deepEqual([...SERVICES.keys()].sort(), ["ollama", "ollama-pull", "redis", "redis-local", "scheduler", "worker"]);
  });
  it("puts Redis and Ollama on a network without a way out, and publishes no port of theirs", () => {
    assert.match(TOP.get("networks") ?? "", /^internal:\n {2}internal: true$/m);
    for (const service of ["redis", "ollama", "scheduler"]) {
      assert.deepEqual(networksOf(service), ["internal"], service);
      assert.equal(of(service, "ports"), "", service);
    }
  });
  it("lets only the worker and the fetching of the model reach the internet", () => {
    assert.deepEqual(
      [...SERVICES.keys()].filter((name) => networksOf(name).includes("outside")),
      ["ollama-pull", "worker"],
    );
  });
  it("publishes the Redis for work without containers on this machine only, and starts it only when it is named", () => {
    assert.equal(of("redis-local", "ports"), '- "127.0.0.1:6379:6379"');
    assert.equal(of("redis-local", "profiles"), "[local]");
  });
  it("runs every container without rights: no capabilities, none to be gained, and ours read-only under a uid of their own", () => {
    for (const name of SERVICES.keys()) {
      assert.equal(of(name, "cap_drop"), "[ALL]", name);
      assert.equal(of(name, "security_opt"), '["no-new-privileges:true"]', name);
      assert.equal(of(name, "privileged"), "", name);
    }
    for (const name of ["worker", "scheduler"]) {
      assert.equal(of(name, "user"), '"10001:10001"', name);
      assert.equal(of(name, "read_only"), "true", name);
      assert.equal(of(name, "tmpfs"), "[/tmp]", name);
      assert.match(of(name, "volumes"), /^- \.\/documents:\/documents:ro$/m, name);
    }
  });
  it("gives Redis a memory that survives a power cut and never drops a job", () => {
    for (const name of ["redis", "redis-local"]) {
      assert.match(of(name, "command"), /--appendonly yes .*--maxmemory-policy noeviction/, name);
      assert.match(of(name, "healthcheck"), /redis-cli", "ping/, name);
    }
  });
  it("starts after a reboot without network: a model that is there is not fetched again", () => {
    assert.match(of("ollama-pull", "command"), /if ollama show "\$\$MODEL" .*; then .*; else ollama pull "\$\$MODEL"; fi/);
    assert.equal(of("ollama-pull", "restart"), '"no"');
    assert.match(of("ollama", "depends_on"), /service_completed_successfully/);
    assert.equal(of("ollama", "restart"), "unless-stopped");
    // A worker that needed Ollama to start could not send what policy lets out while Ollama is away.
    assert.doesNotMatch(of("worker", "depends_on"), /ollama/);
  });
  it("never lets the local Ollama call its own cloud", () => {
    for (const name of ["ollama", "ollama-pull"]) assert.equal(environmentOf(name).get("OLLAMA_NO_CLOUD"), '"1"', name);
  });
  it("passes every setting of .env on to the worker, and the keys to nobody else", () => {
    const worker = environmentOf("worker");
    assert.deepEqual(
      Object.keys(SETTINGS).filter((name) => !worker.has(name)),
      [],
    );
    for (const [name, value] of worker) assert.ok(name === "<<" || name in SETTINGS, `${name}: ${value} is no setting`);
    for (const name of SERVICES.keys()) {
      const keys = [...environmentOf(name).keys()].filter((key) => key.endsWith("_API_KEY"));
      assert.equal(keys.length > 0, name === "worker", name);
    }
  });
  it("looks after worker and scheduler with the project's own health check", () => {
    for (const name of ["worker", "scheduler"]) {
      assert.match(of(name, "healthcheck"), new RegExp(`test: \\["CMD", "node", "scripts/health\\.ts", "--role", "${name}"\\]`));
    }
  });

  const client = [["docker", "compose"], ["docker-compose"]].find(
    ([command = "", ...words]) => spawnSync(command, [...words, "version"]).status === 0,
  );
  it("is read without complaint by docker compose itself", { skip: client === undefined && "no docker compose on this machine" }, () => {
    const [command = "", ...words] = client ?? [];
    const { status, stderr } = spawnSync(command, [...words, "config", "--quiet"], { cwd: ROOT, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
});

describe("Dockerfile", () => {
  it("builds from the lock file, runs no package's install script, and runs as nobody in particular", () => {
    assert.match(DOCKERFILE, /^RUN npm ci --omit=dev --ignore-scripts/m);
    assert.match(DOCKERFILE, /^USER 10001:10001$/m);
  });
  it("takes in only what it names: no .env, no documents, no data", () => {
    const ignored = readFileSync(`${ROOT}.dockerignore`, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    assert.equal(ignored[0], "*");
    const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((copy) => (copy[1] ?? "").split(" "));
    assert.deepEqual(
      ignored
        .slice(1)
        .map((line) => line.slice(1))
        .sort(),
      [...new Set(copied)].sort(),
    );
  });
});
