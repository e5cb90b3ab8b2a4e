import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newLine } from "../../src/practice/line.ts";
import { charterChat, post, practiceFor } from "./asking.ts";

const QUESTION = { ...charterChat("Le port manque de places."), stream: false };

describe("sixteen requests at once", () => {
  it("are answered one at a time, in the order they came, and none is refused", async (test) => {
    const { server } = await practiceFor(test, { tokenDelayMs: 1 });
    const order: number[] = [];
    const ask = async (number: number) => {
      const response = await post(server, { ...QUESTION, options: { num_predict: 3 } });
      assert.equal(response.status, 200);
      await response.text();
      order.push(number);
    };
    const asked: Promise<void>[] = [];
    for (let number = 0; number < 16; number++) {
      asked.push(ask(number));
      await server.until(({ open, served }) => open + served === number + 1);
    }
    await Promise.all(asked);
    assert.deepEqual(order, [...Array(16).keys()]);
    const { served, maxWorking, open, waiting, working, aborted } = server.stats();
    assert.deepEqual(
      { served, maxWorking, open, waiting, working, aborted },
      { served: 16, maxWorking: 1, open: 0, waiting: 0, working: 0, aborted: 0 },
    );
  });

  it("wait without a single byte, while lists and health are answered at once", async (test) => {
    const { server, ollama } = await practiceFor(test);
    server.misbehave({ kind: "hang", afterTokens: 0 });
    const stop = new AbortController();
    let answers = 0;
    const asked = Array.from({ length: 16 }, () =>
      post(server, QUESTION, stop.signal).then(
        () => answers++,
        () => undefined,
      ),
    );
    await server.until(({ waiting, working }) => waiting === 15 && working === 1);
    assert.equal((await ollama.list()).models.length, 1);
    assert.equal(answers, 0);
    stop.abort();
    await Promise.all(asked);
    await server.until(({ open }) => open === 0);
    assert.equal(server.stats().aborted, 16);
  });
});

describe("a client that goes away", () => {
  it("in the middle of an answer frees the place for the next one", async (test) => {
    const { server } = await practiceFor(test);
    server.misbehave({ kind: "hang", afterTokens: 5 });
    const stop = new AbortController();
    const first = await post(server, { ...QUESTION, stream: true }, stop.signal);
    const second = post(server, QUESTION);
    await server.until(({ waiting }) => waiting === 1);
    stop.abort();
    await assert.rejects(first.text(), { name: "AbortError" });
    assert.equal((await second).status, 200);
    assert.deepEqual([server.stats().aborted, server.stats().maxWorking], [1, 1]);
  });

  it("while it waits leaves the line, and those behind it keep their place", async (test) => {
    const { server } = await practiceFor(test);
    server.misbehave({ kind: "hang", afterTokens: 0 });
    const [stopFirst, stopSecond] = [new AbortController(), new AbortController()];
    const first = post(server, QUESTION, stopFirst.signal);
    await server.until(({ working }) => working === 1);
    const second = post(server, QUESTION, stopSecond.signal);
    await server.until(({ waiting }) => waiting === 1);
    const third = post(server, QUESTION);
    await server.until(({ waiting }) => waiting === 2);
    stopSecond.abort();
    await assert.rejects(second, { name: "AbortError" });
    await server.until(({ waiting }) => waiting === 1);
    assert.equal(server.stats().working, 1);
    stopFirst.abort();
    await assert.rejects(first, { name: "AbortError" });
    assert.equal((await third).status, 200);
  });

  it("through Ollama's own client, by aborting its stream, frees the place too", async (test) => {
    const { server, ollama } = await practiceFor(test, { tokenDelayMs: 5 });
    const stream = await ollama.chat({ ...QUESTION, stream: true });
    await assert.rejects(
      async () => {
        for await (const _ of stream) stream.abort();
      },
      { name: "AbortError" },
    );
    await server.until(({ aborted, working }) => aborted === 1 && working === 0);
    assert.equal((await post(server, { ...QUESTION, options: { num_predict: 1 } })).status, 200);
  });
});

describe("a server that closes", () => {
  it("cuts those who work and those who wait, and its port is free again", async (test) => {
    const { server } = await practiceFor(test);
    server.misbehave({ kind: "silent" });
    const asked = [post(server, QUESTION), post(server, QUESTION)];
    await server.until(({ working, waiting }) => working === 1 && waiting === 1);
    const settled = Promise.allSettled(asked);
    await server.close();
    assert.deepEqual(
      (await settled).map(({ status }) => status),
      ["rejected", "rejected"],
    );
    await practiceFor(test, { port: server.port });
  });
});

describe("the line", () => {
  it("lets nobody in twice when one leaves twice", async () => {
    const line = newLine();
    const never = new AbortController().signal;
    const leave = await line.enter(never);
    const inside: string[] = [];
    const second = line.enter(never).then(() => inside.push("second"));
    void line.enter(never).then(() => inside.push("third"));
    leave();
    leave();
    await second;
    assert.deepEqual([inside, line.isTaken()], [["second"], true]);
  });
});
