import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What only one may use at a time, in the place of Ollama: it counts who is there itself, whatever they believe. */
export async function startResource() {
  const inside = new Set<Socket>();
  let most = 0;
  const server = createServer((user) => {
    inside.add(user);
    most = Math.max(most, inside.size);
    user.on("error", () => {});
    user.resume();
    // Counted out before the user hears that it is.
    user.once("end", () => inside.delete(user));
    user.write("in");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    mostAtOnce: (): number => most,
    stop(): void {
      server.close();
      for (const user of inside) user.destroy();
    },
  };
}

/** Uses it until `end` settles, and says when it has let us in; settles when it has let us out. */
export async function occupy(port: number, end: Promise<unknown>, sayIn: () => void = () => {}): Promise<void> {
  const line = connect(port, "127.0.0.1");
  await once(line, "data");
  sayIn();
  line.resume();
  await end;
  const closed = once(line, "close");
  line.end();
  await closed;
}
