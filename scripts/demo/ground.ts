import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../src/core/fault.ts";
import { isProvablyDead, ownerName, ownerValue } from "../../src/lock/owner.ts";
import { findEmbeddedRedis, startEmbeddedRedis } from "../../src/queue/embedded-redis.ts";

/** Beside the real data of an installation, never among them: it is emptied at each start. */
export const DEMO_DIR = join(".ecluse", "demo");
/** Says who is running a demo here; beside the folder, which is emptied. */
const CLAIM = join(".ecluse", "demo.running");

/**
 * An empty data folder for one demo, which nobody else uses until `release`.
 *
 * A Redis left there by a demo that was killed is ended first.
 *
 * @throws Fault "misconfigured" when another demo is running here
 */
export async function claimGround(): Promise<{ release(): void }> {
  mkdirSync(".ecluse", { recursive: true });
  claim();
  const release = () => rmSync(CLAIM, { force: true });
  try {
    if ((await findEmbeddedRedis(DEMO_DIR)) !== undefined) await (await startEmbeddedRedis(DEMO_DIR)).stop();
    rmSync(DEMO_DIR, { recursive: true, force: true });
    return { release };
  } catch (error) {
    release();
    throw error;
  }
}

function claim(): void {
  try {
    writeFileSync(CLAIM, ownerValue("demo"), { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const owner = readFileSync(CLAIM, "utf8");
    if (!isProvablyDead(owner)) {
      const who = ownerName(owner) || "unknown";
      throw new Fault("misconfigured", `another demo is running in this folder: ${who}. Let it end, or delete ${CLAIM} if there is none`);
    }
    // Only a dead demo's file is removed; whoever else saw it dead at the same time loses the race in the next line.
    rmSync(CLAIM, { force: true });
    writeFileSync(CLAIM, ownerValue("demo"), { flag: "wx" });
  }
}
