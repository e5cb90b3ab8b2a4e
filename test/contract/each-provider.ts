import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { PROVIDER_NAMES } from "../../src/config.ts";
import { type StandIn, startStandIn } from "../support/stand-in.ts";
import { hostileEnvironment, recordConsole } from "./observe.ts";
import type { ProviderCase } from "./provider-case.ts";

export type ProviderTests = (provider: ProviderCase, server: () => StandIn) => void;

/** Every provider of the default chain gets the same questions; one without a case fails, so none is added unexamined. */
export async function examineEachProvider(...parts: readonly ProviderTests[]): Promise<void> {
  for (const name of PROVIDER_NAMES) {
    const file = new URL(`./cases/${name}.ts`, import.meta.url);
    if (!existsSync(file)) {
      it(`${name} is in the chain and has no case to examine it by`, () => assert.fail(`write test/contract/cases/${name}.ts`));
      continue;
    }
    const { default: provider } = (await import(file.href)) as { default: ProviderCase };
    describe(name, { timeout: 30_000 }, () => {
      const server = standInPerTest();
      for (const part of parts) part(provider, server);
    });
  }
}

function standInPerTest(): () => StandIn {
  let current: StandIn | undefined;
  let restoreEnvironment = () => {};
  let spoken = recordConsole();
  spoken.restore();
  before(() => {
    restoreEnvironment = hostileEnvironment();
  });
  after(() => restoreEnvironment());
  beforeEach(async () => {
    current = await startStandIn();
    spoken = recordConsole();
  });
  afterEach(async () => {
    spoken.restore();
    await current?.stop();
    assert.deepEqual(spoken.printed, [], "a vendor's package printed to the console");
  });
  return () => {
    assert.ok(current);
    return current;
  };
}
