import { parseArgs } from "node:util";
import { runProcess } from "./run.ts";

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
  const isAll = !values.worker && !values.scheduler;
  await runProcess({ worker: isAll || values.worker === true, scheduler: isAll || values.scheduler === true, embedded: isAll });
}
