/** So many at a time, in order of arrival, without bound: as Ollama keeps requests for a loaded model (O04). */
export interface Line {
  /**
   * Settles when it is this one's turn.
   *
   * @returns lets the next one in; may be called twice
   * @throws  the signal's reason, when it is aborted before; it has then left the line
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** Whether the next one would have to wait. */
  isTaken(): boolean;
}

/** @param places  how many may be inside, as OLLAMA_NUM_PARALLEL */
export function newLine(places = 1): Line {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const next = () => {
    const first = waiting.shift();
    if (first === undefined) taken -= 1;
    else first();
  };
  const once = () => {
    let isHeld = true;
    return () => {
      if (isHeld) next();
      isHeld = false;
    };
  };
  return {
    isTaken: () => taken >= places,
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        if (taken < places) {
          taken += 1;
          return resolve(once());
        }
        const turn = () => {
          signal.removeEventListener("abort", leave);
          resolve(once());
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(turn), 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener("abort", leave, { once: true });
        waiting.push(turn);
      }),
  };
}
