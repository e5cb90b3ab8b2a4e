import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** The way of each worker to Redis, where it can be disturbed, and by which Redis' clients are known. */
export interface Proxies {
  /** @returns the port on which this worker finds Redis */
  open(worker: string): Promise<number>;
  /** Nobody is let in while the watcher does not see. */
  setOpen(isOpen: boolean): void;
  /** The worker whose connection has this address ("127.0.0.1:50632") at Redis, or "outside". */
  whoIs(address: string): string;
  /** This address is somebody else's now: the system gives a port to one after the other. */
  forget(address: string): void;
  /** Addresses at Redis of a worker's connections. */
  addressesOf(worker: string): readonly string[];
  cut(worker: string): void;
  /** For `ms` its commands arrive and no reply comes back; then its connections are cut. */
  swallow(worker: string, ms: number): Promise<void>;
  close(): void;
}

interface Way {
  readonly worker: string;
  readonly client: Socket;
  readonly upstream: Socket;
  isMute: boolean;
}

export function newProxies(redisPort: number): Proxies {
  const ways = new Set<Way>();
  const known = new Map<string, string>();
  const servers: { close(): void }[] = [];
  let isOpen = false;
  const of = (worker: string): Way[] => [...ways].filter((way) => way.worker === worker);
  const cut = (way: Way): void => {
    way.client.destroy();
    way.upstream.destroy();
    ways.delete(way);
  };
  const accept = (worker: string, client: Socket): void => {
    client.on("error", () => {});
    if (!isOpen) return void client.destroy();
    const upstream = connect(redisPort, "127.0.0.1");
    const way: Way = { worker, client, upstream, isMute: false };
    ways.add(way);
    upstream.once("connect", () => known.set(`127.0.0.1:${upstream.localPort}`, worker));
    client.setNoDelay(true).on("data", (data) => upstream.write(data));
    upstream.setNoDelay(true).on("data", (data) => way.isMute || client.write(data));
    upstream.on("error", () => {});
    client.on("close", () => cut(way));
    upstream.on("close", () => cut(way));
  };
  return {
    async open(worker) {
      const server = createServer((client) => accept(worker, client)).listen(0, "127.0.0.1");
      servers.push(server);
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    },
    setOpen(open) {
      isOpen = open;
      if (!open) for (const way of [...ways]) cut(way);
    },
    forget: (address) => void known.delete(address),
    whoIs: (address) => known.get(address) ?? "outside",
    addressesOf: (worker) => of(worker).map(({ upstream }) => `127.0.0.1:${upstream.localPort}`),
    cut: (worker) => of(worker).forEach(cut),
    async swallow(worker, ms) {
      const muted = of(worker);
      for (const way of muted) way.isMute = true;
      await pause(ms);
      muted.forEach(cut);
    },
    close() {
      for (const server of servers) server.close();
      for (const way of [...ways]) cut(way);
    },
  };
}
