import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { Fault } from "../../core/fault.ts";
import { after, kindOfStatus, vendorFault, wireFault } from "../wire.ts";

export interface Aside {
  /** Upper bound for all of it, in ms. */
  readonly ms: number;
  /** Sent as JSON with POST; without it, it is a GET. */
  readonly body?: object;
  /** Ends it before. Not for a request whose answer is shared by several callers, or must be had although the caller has given up. */
  readonly signal?: AbortSignal;
  /** What a status other than 200 means, when it is not the usual. */
  faultOf?(status: number, text: string): Fault;
}

/**
 * One short request beside the questions, on a connection of its own that is closed afterwards; redirects are not followed.
 *
 * @returns the body
 * @throws Fault "timed-out" after `ms`; "unreachable"; else what the status or the broken connection means; or the signal's reason
 */
export async function askAside(url: string, aside: Aside): Promise<string> {
  const controller = new AbortController();
  const { signal } = controller;
  const late = () => new Fault("timed-out", `ollama did not answer ${new URL(url).pathname} within ${aside.ms / 1000} s`);
  const stop = after(aside.ms, () => controller.abort(late()));
  const leave = () => controller.abort(aside.signal?.reason);
  if (aside.signal?.aborted) leave();
  else aside.signal?.addEventListener("abort", leave, { once: true });
  try {
    const socket = url.startsWith("https:") ? undefined : await connected(new URL(url), signal);
    const { status, text } = await exchange(url, { body: aside.body, signal, socket });
    if (status === 200) return text;
    throw aside.faultOf?.(status, text) ?? vendorFault("ollama", kindOfStatus(status), { cause: undefined, status });
  } catch (error) {
    throw signal.aborted ? signal.reason : wireFault("ollama", error);
  } finally {
    stop();
    aside.signal?.removeEventListener("abort", leave);
  }
}

/** Before a request is made at all: that nobody is there is the commonest trouble, and is known nearly twice as soon so. */
function connected({ hostname, port }: URL, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || 80), signal });
    socket.once("error", reject).once("connect", () => resolve(socket.off("error", reject)));
  });
}

interface Exchange {
  readonly body: object | undefined;
  readonly signal: AbortSignal;
  /** Already connected; without it, a connection is opened. */
  readonly socket: Socket | undefined;
}

/** Node's own client and no `fetch`: its fresh connection ends with the answer, whatever pool others keep. */
function exchange(url: string, { body, signal, socket }: Exchange): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const headers = sent === undefined ? {} : { "content-type": "application/json" };
    const begin = url.startsWith("https:") ? tlsRequest : plainRequest;
    const way = socket === undefined ? { agent: false } : { createConnection: () => socket };
    const asked = begin(url, { ...way, method: sent === undefined ? "GET" : "POST", headers, signal }, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    asked.on("error", reject);
    asked.end(sent);
  });
}

/** @throws the signal's reason as soon as it is aborted; what is waited for goes on */
export function untilAborted<Value>(waited: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    const done = () => signal.removeEventListener("abort", leave);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    // Listened to in any case: whoever left may have been the last.
    waited.then(resolve, reject).finally(done);
  });
}

/** The last object of a body of JSON, or of lines of JSON. @returns undefined when that is none */
export function lastObject(body: string): object | undefined {
  for (const text of [body, body.trimEnd().split("\n").at(-1) ?? ""]) {
    try {
      const value = JSON.parse(text) as unknown;
      return typeof value === "object" && value !== null ? value : undefined;
    } catch {}
  }
  return undefined;
}
