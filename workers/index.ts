import module from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

const HELP = `ecluse: workers and scheduler

  npm start              worker and scheduler, with a Redis of their own when REDIS_URL is not set
  npm run worker         only the worker
  npm run scheduler      only the scheduler

Settings come from the environment and from .env: see .env.example. Ctrl-C stops at a safe point.
`;

const { values } = parseArgs({
  options: { worker: { type: "boolean" }, scheduler: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help) process.stdout.write(HELP);
else {
  keepCompiledCode();
  const { runProcess } = await import("./run.ts");
  const isAll = !values.worker && !values.scheduler;
  await runProcess({ worker: isAll || values.worker === true, scheduler: isAll || values.scheduler === true, embedded: isAll });
}

/**
 * The second start reads what the first one compiled: it is ready sooner, and 30 MB smaller, as nothing is left to strip of
 * its types. In our own folder, where nobody else can write; a folder that cannot be written costs only the gain.
 */
function keepCompiledCode(): void {
  module.enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/ecluse"));
  // Node writes it at exit: a worker that is killed must not make each start a first one.
  setTimeout(() => module.flushCompileCache(), 10_000).unref();
}
