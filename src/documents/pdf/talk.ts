import { bytesFrame, type Frame, frameReader, messageFrame } from "./frames.ts";

/** The child's end of the pipe: a message with the bytes behind it comes in, frames go out. */
export function answerQuestions(answer: (message: unknown, bytes: Buffer | undefined) => Promise<void>): void {
  let message: unknown;
  const take = (frame: Frame) => {
    if ("message" in frame) {
      message = frame.message;
      // Bytes are asked for by their name, so a message without them is answered at once.
      if (!expectsBytes(message)) void answer(message, undefined).catch(die);
    } else void answer(message, frame.bytes).catch(die);
  };
  process.stdin.on("data", frameReader(take));
  // Whoever asked is gone: nobody waits for an answer.
  process.stdin.on("end", die);
  process.stdout.on("error", die);
}

export function say(message: unknown, bytes?: Uint8Array): void {
  for (const piece of messageFrame(message)) process.stdout.write(piece);
  if (bytes !== undefined) for (const piece of bytesFrame(bytes)) process.stdout.write(piece);
}

const expectsBytes = (message: unknown): boolean => typeof message === "object" && message !== null && "hasBytes" in message;
const die = (): never => process.exit(1);
