/** Time as the program sees it; tests bring their own. */
export interface Clock {
  /** Wall time, for records only. */
  now(): Date;
  /** Milliseconds from an arbitrary start that never go back, for every duration and deadline. */
  elapsed(): number;
  /** @throws the signal's reason when it is aborted first */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `ms`; the returned function takes it back. */
  after(ms: number, callback: () => void): () => void;
}
