import type { z } from "zod";
import type { Fault } from "../../core/fault.ts";
import { unreadable } from "../open-file.ts";
import type { ChildEnd } from "./child.ts";
import type { Frame } from "./frames.ts";
import type { Why } from "./protocol.ts";

/** A PDF starts with its mark and ends with "%%EOF"; what does not is refused before anything is parsed. */
export function refuseByItsEnds(content: Uint8Array): void {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  // At byte 0 and nowhere else: pdf.js takes a program with a PDF behind it for a PDF.
  if (!bytes.subarray(0, MARK.length).equals(MARK)) {
    throw unreadable("this is not a PDF, whatever its name says: export it as PDF again, or remove it");
  }
  // pdf.js repairs half a file into fewer pages, and half an act would pass for the whole of it.
  if (!bytes.subarray(-TAIL_BYTES).includes("%%EOF")) {
    throw unreadable("the PDF is cut off before its end: copy it into the documents folder again");
  }
}

const MARK = Buffer.from("%PDF-");
/** Readers look in the last 1,024 bytes; twice that leaves room for what mail gateways add. */
const TAIL_BYTES = 2_048;

export function refusal(why: Why, limits: { readonly pages: number; readonly chars: number }): Fault {
  switch (why) {
    case "password":
      return unreadable("the PDF asks for a password: export it again without a password");
    case "damaged":
      return damaged();
    case "too-many-pages":
      return unreadable(`the PDF has more than ${limits.pages} pages: split it into smaller files`);
    case "too-long":
      return tooLong("PDF", limits.chars);
    case "no-such-page":
      return unreadable("the PDF has no page of this number: read it again from the beginning");
  }
}

export const tooLong = (what: "PDF" | "file", maxChars: number): Fault =>
  unreadable(`the ${what} holds more than ${maxChars} characters: split it into smaller files`);

export const damaged = (cause?: unknown): Fault => unreadable("the PDF is damaged: export it again from the program it came from", cause);

const tooComplex = (what: "time" | "memory"): Fault =>
  unreadable(`the PDF takes too much ${what} to read: print it to a new PDF, or split it into smaller files`);

/** What to tell of a child that had to be ended. */
export function endedBy(why: ChildEnd): Fault {
  switch (why) {
    case "time":
    case "memory":
      return tooComplex(why);
    // It dies of its own when its heap is full or the kernel gives no more memory; a parser that only failed says so.
    case "died":
      return tooComplex("memory");
    case "output":
      return unreadable("the PDF gives more than it was asked for: print it to a new PDF");
  }
}

/** What a child said, if it may say that. @throws Fault "unreadable-document": only a file that took its reader over says anything else */
export function messageOf<Message>(frame: Frame, schema: z.ZodType<Message>): Message {
  const parsed = schema.safeParse("message" in frame ? frame.message : undefined);
  if (!parsed.success) throw damaged();
  return parsed.data;
}
