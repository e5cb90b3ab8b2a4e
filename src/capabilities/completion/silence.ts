import { Fault } from "../../core/fault.ts";
import { after } from "../wire.ts";

export interface Patience {
  /** Who is listened to, for the words of the fault. */
  readonly who: string;
  /** How long until the first word, in ms, connecting included. */
  readonly firstMs: number;
  /** How long between two words, in ms. */
  readonly stallMs: number;
  /** The call's own signal, which lives as long as the call. Its reason is a Fault. */
  readonly outer: AbortSignal;
  /** Told once, at the first word. */
  readonly heard?: (() => void) | undefined;
}

/** What a call that listens works with. */
export interface Ear {
  /** Aborted by silence as well as by the caller. Must reach the socket. */
  readonly signal: AbortSignal;
  /** A piece of the answer came. Blanks are silence: a model in a loop of spaces is stuck all the same. */
  said(piece: string): void;
  /** The answer is whole: what the vendor may still add is waited for no longer than `TAIL_MS`, and then done without. */
  finished(): void;
  /** The stream's pieces, until it ends or `finished` was long ago. Throws the moment somebody gives up, whatever the SDK does. */
  pieces<Piece>(stream: AsyncIterable<Piece>): AsyncGenerator<Piece, void>;
}

/** Long enough for the counts that follow an answer, short enough for a server that never says goodbye (failoverbench S11). */
export const TAIL_MS = 1_000;

/**
 * Listens to a streamed answer under two clocks, one until its first word and one between words.
 *
 * Counted in words, not in bytes: keep-alives, empty pieces and thoughts leave the clocks running (faults.md S09). When it is
 * over, however it ended, what is still open of the connection is closed.
 *
 * @throws Fault "timed-out" when nothing was said for too long; the caller's own reason; else whatever `work` throws
 */
export async function listen<Value>({ who, firstMs, stallMs, outer, heard }: Patience, work: (ear: Ear) => Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  const { signal } = controller;
  const over = Promise.withResolvers<undefined>();
  over.promise.catch(() => {});
  const giveUp = (reason: unknown) => {
    controller.abort(reason);
    over.reject(reason);
  };
  const wait = (ms: number, what: string) =>
    after(ms, () => giveUp(new Fault("timed-out", `${who} said no ${what} word within ${ms / 1000} s`)));
  const passOn = () => giveUp(outer.reason);
  let stop = wait(firstMs, "first");
  let isSilent = true;
  if (outer.aborted) passOn();
  else outer.addEventListener("abort", passOn, { once: true });
  const ear: Ear = {
    signal,
    said(piece) {
      if (piece.trim() === "") return;
      stop();
      stop = wait(stallMs, "further");
      if (isSilent) heard?.();
      isSilent = false;
    },
    finished() {
      stop();
      stop = after(TAIL_MS, () => over.resolve(undefined));
    },
    pieces: (stream) => untilOver(stream, over.promise),
  };
  try {
    const value = await work(ear);
    // An SDK can end its stream quietly when it is told to stop: what it gave until then is nobody's answer.
    signal.throwIfAborted();
    return value;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    stop();
    outer.removeEventListener("abort", passOn);
    controller.abort();
  }
}

async function* untilOver<Piece>(stream: AsyncIterable<Piece>, over: Promise<undefined>): AsyncGenerator<Piece, void> {
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), over]);
    if (next === undefined || next.done) return;
    yield next.value;
  }
}
