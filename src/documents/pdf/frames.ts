/** What stands before each frame: 4 bytes of length, highest first, then 1 byte that says what the content is. */
const HEAD_BYTES = 5;
const MESSAGE = 0;
const BYTES = 1;

/** A message that was read, or bytes that belong to the message before them. */
export type Frame = { readonly message: unknown } | { readonly bytes: Buffer };

/** A message as it goes through a pipe, in pieces. @param message anything JSON can say */
export const messageFrame = (message: unknown): readonly Uint8Array[] => framed(MESSAGE, Buffer.from(JSON.stringify(message)));
/** Bytes as they go through a pipe, not copied. */
export const bytesFrame = (bytes: Uint8Array): readonly Uint8Array[] => framed(BYTES, bytes);

function framed(kind: number, content: Uint8Array): readonly Uint8Array[] {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(content.length);
  head.writeUInt8(kind, 4);
  return [head, content];
}

/**
 * Puts frames together again from the pieces a pipe gives.
 *
 * @param take  called once for each whole frame, in order
 * @returns     a function that takes the next piece; it throws what `take` throws, and an error for what is no message
 */
export function frameReader(take: (frame: Frame) => void): (piece: Buffer) => void {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let needed = HEAD_BYTES;
  return (piece) => {
    waiting.push(piece);
    bytes += piece.length;
    // Joined only when a whole head or frame is there, so that fifty megabytes in small pieces are copied once.
    if (bytes < needed) return;
    const { frames, rest } = cut(Buffer.concat(waiting));
    waiting = [rest];
    bytes = rest.length;
    needed = lengthOf(rest) ?? HEAD_BYTES;
    for (const frame of frames) take(frame);
  };
}

function cut(all: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let rest = all;
  for (let length = lengthOf(rest); length !== undefined && rest.length >= length; length = lengthOf(rest)) {
    frames.push(frameOf(rest.readUInt8(4), rest.subarray(HEAD_BYTES, length)));
    rest = rest.subarray(length);
  }
  return { frames, rest };
}

/** Of the frame that begins here, its head included; `undefined` as long as the head is not whole. */
const lengthOf = (rest: Buffer): number | undefined => (rest.length < HEAD_BYTES ? undefined : HEAD_BYTES + rest.readUInt32BE());

const frameOf = (kind: number, content: Buffer): Frame =>
  kind === BYTES ? { bytes: content } : { message: JSON.parse(content.toString("utf8")) as unknown };
