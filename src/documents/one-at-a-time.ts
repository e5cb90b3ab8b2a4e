/**
 * A line in which one piece of work runs at a time, first come first served.
 *
 * @returns a function that runs `work` when its turn comes; who is aborted while waiting leaves the line at once, with
 *          the signal's reason, and its work is never begun
 */
export function oneAtATime(): <Value>(signal: AbortSignal, work: () => Promise<Value>) => Promise<Value> {
  const line: (() => void)[] = [];
  let taken = false;
  return async (signal, work) => {
    signal.throwIfAborted();
    if (taken) await turn(line, signal);
    taken = true;
    try {
      return await work();
    } finally {
      // Handed over without being put down, so nobody who comes just now gets in front of the line.
      const next = line.shift();
      if (next === undefined) taken = false;
      else next();
    }
  };
}

function turn(line: (() => void)[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      signal.removeEventListener("abort", leave);
      resolve();
    };
    const leave = () => {
      line.splice(line.indexOf(enter), 1);
      reject(signal.reason);
    };
    line.push(enter);
    signal.addEventListener("abort", leave, { once: true });
  });
}
