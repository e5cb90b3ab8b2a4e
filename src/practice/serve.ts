import type { IncomingMessage, ServerResponse } from "node:http";
import { Fault } from "../core/fault.ts";
import { type ChatRoom, chat } from "./chat.ts";
import { type ErrorReply, isErrorReply, parseJson, parseQuestion, type Way } from "./chat-request.ts";

/**
 * One question from its arrival to its end, counted.
 *
 * @param onBody  sees the body as it came, before anything else
 */
export async function serveQuestion(
  room: ChatRoom,
  way: Way,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  onBody?: (body: unknown) => void,
): Promise<void> {
  const { tally } = room;
  const gone = new AbortController();
  countOpen(room, response);
  response.once("close", () => {
    if (!response.writableFinished) gone.abort(new Fault("cancelled", "the client closed its socket"));
  });
  tally.add("open", 1);
  let end: "served" | "aborted" = "aborted";
  try {
    const text = await bodyOf(request);
    onBody?.(parseJson(text));
    const body = parseQuestion(text, way);
    const error = isErrorReply(body) ? body : await chat(room, { ...body, way }, response, gone.signal);
    if (error !== undefined) sendJson(response, error);
    end = "served";
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (!gone.signal.aborted) sendJson(response, { status: 500, error: Fault.from(error, "practice").message });
  } finally {
    tally.add(end, 1);
    tally.add("open", -1);
  }
}

/**
 * Counts a question until its answer is out or its client has gone.
 *
 * The end of an earlier connection can be noticed after the beginning of a later one, although it came first: so the system has
 * a moment to tell of it before the two count as open at once.
 */
function countOpen({ clock, tally }: ChatRoom, response: ServerResponse): void {
  let isOpen = true;
  let isCounted = false;
  const end = () => {
    if (isOpen && isCounted) tally.add("openRequests", -1);
    isOpen = false;
  };
  const begin = () => {
    if (!isOpen) return;
    isCounted = true;
    tally.add("openRequests", 1);
  };
  response.once("finish", end).once("close", end);
  if (tally.read().openRequests === 0) begin();
  else void clock.sleep(NOTICED_MS).then(begin);
}

const NOTICED_MS = 2;

/** @throws when the client goes away while it sends */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

export function sendJson(response: ServerResponse, body: object | ErrorReply): void {
  const error = isErrorReply(body) ? body : undefined;
  response.statusCode = error?.status ?? 200;
  response.setHeader("content-type", "application/json; charset=utf-8");
  response.end(JSON.stringify(error === undefined ? body : { error: error.error }));
}
