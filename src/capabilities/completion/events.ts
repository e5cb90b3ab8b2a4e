import type { Fault, FaultKind } from "../../core/fault.ts";
import { vendorFault, wireFault, wireKind } from "../wire.ts";

/** How one vendor's stream of server-sent events must look. */
export interface EventDialect {
  readonly provider: string;
  /** Its events have names, and its SDK skips those without one. */
  readonly isNamed: boolean;
  /** What an error in mid-stream means, by the vendor's own words; undefined when they say nothing. */
  kindOfError(event: Readonly<Record<string, unknown>>): FaultKind | undefined;
}

/**
 * A `fetch` for a vendor's SDK that looks at every event of a streamed answer before the SDK does.
 *
 * SDKs skip what they do not know: a line that is no event, an event without a name, the last one when it was cut. Each is a
 * hole in the answer, and becomes a fault here (S08, S10, T15). Anything else than 2xx is handed on untouched.
 */
export const eventFetch =
  (dialect: EventDialect, fetchIt: typeof fetch): typeof fetch =>
  async (input, init) => {
    const response = await fetchIt(input, init).catch((error: unknown) => {
      // SDKs read "timeout" in an error's text and drop its cause, so that "nobody there" would look like "slow".
      throw wireKind(error) === undefined ? error : wireFault(dialect.provider, error);
    });
    if (!response.ok) return response;
    if (response.body === null) throw brokenOff(dialect);
    return new Response(checked(response.body, dialect), { status: response.status, headers: response.headers });
  };

function checked(body: ReadableStream<Uint8Array>, dialect: EventDialect): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const check = eventCheck(dialect);
  let rest = "";
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        const { done, value } = await reader.read();
        const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) check(line);
        if (!done) return out.enqueue(value);
        // Some servers forget the last blank line, without which SDKs drop the last event.
        for (const line of [rest, ""]) check(line);
        out.enqueue(new TextEncoder().encode("\n\n"));
        out.close();
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Takes lines one by one. @throws Fault at the first line, or the first event, that is none */
function eventCheck(dialect: EventDialect): (line: string) => void {
  let fields: Partial<Record<string, string>> = {};
  return (ended) => {
    const line = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
    if (line.startsWith(":")) return;
    if (line !== "") {
      const { field, value } = fieldOf(dialect, line);
      const before = field === "data" ? fields.data : undefined;
      fields[field] = before === undefined ? value : `${before}\n${value}`;
      return;
    }
    if (fields.data !== undefined) checkEvent(dialect, fields.event, fields.data);
    fields = {};
  };
}

function fieldOf(dialect: EventDialect, line: string): { readonly field: string; readonly value: string } {
  const [, field, value = ""] = /^(data|event|id|retry)(?:: ?(.*))?$/s.exec(line) ?? [];
  if (field === undefined) throw brokenOff(dialect);
  return { field, value };
}

function checkEvent(dialect: EventDialect, name: string | undefined, data: string): void {
  // OpenAI's and Mistral's goodbye.
  if (data === "[DONE]") return;
  const event = parsed(data);
  if (event === undefined || (dialect.isNamed && name === undefined)) throw brokenOff(dialect);
  if (name !== "error" && event.type !== "error" && event.object !== "error" && !event.error) return;
  throw vendorFault(dialect.provider, dialect.kindOfError(event) ?? "server-error", { cause: undefined, status: 200 });
}

function parsed(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const brokenOff = ({ provider }: EventDialect): Fault => vendorFault(provider, "server-error", { cause: undefined, status: 200 });
