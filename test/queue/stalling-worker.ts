/** A worker that takes jobs and never ends one: to be killed. Prints a line for each job it has taken. */
import { Worker } from "bullmq";
import { queueConnection } from "../../src/queue/connection.ts";

const [url = ""] = process.argv.slice(2);
new Worker(
  "validation",
  (job) => {
    process.stdout.write(`${job.id}\n`);
    return new Promise(() => {});
  },
  { connection: queueConnection(url), lockDuration: 300, stalledInterval: 50 },
);
