import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Memory a process holds now, in bytes; `undefined` when it is gone or the system does not say. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  const kilobytes = process.platform === "linux" ? await fromProc(pid) : await fromPs(pid);
  return kilobytes === undefined || !Number.isFinite(kilobytes) ? undefined : kilobytes * 1024;
}

// Not `statm`: it counts in pages, whose size differs between machines and which Node does not tell.
async function fromProc(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const found = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}

const fromPs = (pid: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    execFile("/bin/ps", ["-o", "rss=", "-p", `${pid}`], { env: {}, timeout: 1_000 }, (error, stdout) => {
      resolve(error === null && stdout.trim() !== "" ? Number(stdout) : undefined);
    });
  });
