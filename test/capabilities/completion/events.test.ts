import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EventDialect, eventFetch } from "../../../src/capabilities/completion/events.ts";
import { Fault } from "../../../src/core/fault.ts";

const PLAIN: EventDialect = {
  provider: "vendor",
  isNamed: false,
  kindOfError: ({ kind }) => (kind === "full" ? "rate-limited" : undefined),
};

/** What an SDK gets to read of a body that arrives in these pieces. */
async function read(pieces: readonly (string | Uint8Array)[], dialect = PLAIN): Promise<string> {
  const bytes = pieces.map((piece) => (typeof piece === "string" ? new TextEncoder().encode(piece) : piece));
  const body = new ReadableStream<Uint8Array>({
    start(out) {
      for (const piece of bytes) out.enqueue(piece);
      out.close();
    },
  });
  const response = await eventFetch(dialect, async () => new Response(body))("http://vendor.invalid");
  return await response.text();
}

const failsAs = (kind: string) => (error: unknown) => error instanceof Fault && error.kind === kind;

describe("a stream of events", () => {
  it("is handed on byte for byte, comments and all, however its bytes are cut", async () => {
    const text = `: keep-alive\n\nevent: a\nid: 1\nretry: 5\ndata: {"said":"é😀"}\n\ndata:{"more":1}\r\n\r\ndata: {\ndata: "two": 2}\n\ndata: [DONE]\n\n`;
    const bytes = new TextEncoder().encode(text);
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
      assert.equal((await read(pieces)).trimEnd(), text.trimEnd());
    }
  });

  it("gets the last blank line that its server forgot", async () => {
    assert.equal(await read(['data: {"a":1}']), 'data: {"a":1}\n\n');
  });

  for (const [what, text] of [
    ["an event that is no JSON", 'data: {"a":1\n\ndata: {}\n\n'],
    ["an event that is a list", "data: []\n\n"],
    ["an event that is null", "data: null\n\n"],
    ["a line that is no field", "<html>\n\n"],
    ["a field that nobody knows", 'dota: {"a":1}\n\n'],
    ["a last event that was cut", 'data: {"a":1}\n\ndata: {"b":'],
    ["an error object", 'data: {"error":{"message":"x"}}\n\n'],
    ["an event called error", 'event: error\ndata: {"message":"x"}\n\n'],
  ] as const) {
    it(`breaks off at ${what}`, async () => {
      await assert.rejects(read([text]), failsAs("server-error"));
    });
  }

  it("whose events have names breaks off at one without", async () => {
    const named = { ...PLAIN, isNamed: true };
    await assert.rejects(read(['data: {"a":1}\n\n'], named), failsAs("server-error"));
    assert.ok(await read(['event: a\ndata: {"a":1}\n\n'], named));
  });

  it("that breaks off for a reason the vendor names has that reason", async () => {
    await assert.rejects(read(['data: {"type":"error","kind":"full"}\n\n']), failsAs("rate-limited"));
  });

  it("may have a null where an error would be", async () => {
    assert.ok(await read(['data: {"error":null}\n\n']));
  });
});

describe("an answer that is no stream", () => {
  it("is left to the SDK when it is a refusal", async () => {
    const response = await eventFetch(PLAIN, async () => new Response("<html>", { status: 503 }))("http://vendor.invalid");
    assert.deepEqual([response.status, await response.text()], [503, "<html>"]);
  });

  it("is none when it has no body", async () => {
    const fetchIt = eventFetch(PLAIN, async () => new Response(null, { status: 204 }));
    await assert.rejects(fetchIt("http://vendor.invalid"), failsAs("server-error"));
  });
});
