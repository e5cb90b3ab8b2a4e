/** One Ollama: the slot its calls take, where that slot lies in Redis, and what the guard outside Redis is named after. */
export interface Place {
  /** "ollama", then "ollama-2", …: as providers name it. */
  readonly slot: string;
  readonly host: string;
  /** One key per request it may work on at a time. */
  readonly locks: readonly [string, ...string[]];
  /** The same for all programs of this machine that use this Ollama, however they write its address. */
  readonly guard: string;
}

/**
 * The slots of the configured Ollamas, in order.
 *
 * The first key of the first one is the article's own, which foreign programs know; the others are named after it.
 *
 * @param permits  requests each of them may work on at a time
 */
export const placesOf = (lockKey: string, hosts: readonly string[], permits: number): readonly Place[] =>
  hosts.map((host, index) => {
    const key = index === 0 ? lockKey : `${lockKey}@${index + 1}`;
    const further = Array.from({ length: permits - 1 }, (_, unit) => `${key}:${unit + 2}`);
    return { slot: slotName(index), host, locks: [key, ...further], guard: guardName(host) };
  });

function guardName(host: string): string {
  const { hostname, port, protocol } = new URL(host);
  const name = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) ? "127.0.0.1" : hostname;
  return `${name}:${port === "" ? (protocol === "https:" ? "443" : "80") : port}`;
}

/** @param index  of the host in the settings, from 0 */
export const slotName = (index: number): string => (index === 0 ? "ollama" : `ollama-${index + 1}`);
