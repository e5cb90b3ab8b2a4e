import { z } from "zod";
import { vendorFault } from "../wire.ts";
import { askAside, lastObject } from "./ollama-aside.ts";

const LIST_MS = 5_000;
const LOADED_MS = 2_000;
/** An answer that is good is good for this long: a model is not removed every minute. */
const GOOD_MS = 60_000;

const Entry = z.object({
  name: z.string(),
  remote_host: z.string().optional(),
  remote_model: z.string().optional(),
  context_length: z.number().optional(),
});
export type Entry = z.infer<typeof Entry>;
const List = z.object({ models: z.array(Entry).nullish() });

/** As Ollama completes a name: "mistral" is "mistral:latest", and its own library may be named or not. */
export function fullName(model: string): string {
  const name = model.replace(/^(registry\.ollama\.ai\/)?(library\/)?/i, "");
  return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

/** Ollama takes upper and lower case for one. */
export const isSameModel = (one: string, other: string): boolean => fullName(one).toLowerCase() === fullName(other).toLowerCase();

export const entryOf = (entries: readonly Entry[], model: string): Entry | undefined =>
  entries.find(({ name }) => isSameModel(name, model));

/** A model of Ollama's cloud, or of another machine, behind a local name (O26). */
export const isRemote = ({ name, remote_host, remote_model }: Pick<Entry, "name" | "remote_host" | "remote_model">): boolean =>
  !!remote_host || !!remote_model || /[:-]cloud$/i.test(name);

function entriesOf(body: string): readonly Entry[] {
  const parsed = List.safeParse(lastObject(body));
  if (!parsed.success) throw vendorFault("ollama", "server-error", { cause: undefined, status: 200 });
  return parsed.data.models ?? [];
}

/**
 * The list of a host's models: one request for all who ask at a time, kept when it is good.
 *
 * @param elapsed  a monotonic clock, in ms
 */
export function sharedList(host: string, elapsed: () => number) {
  let known: { readonly entries: readonly Entry[]; readonly atMs: number } | undefined;
  let asking: Promise<readonly Entry[]> | undefined;
  const ask = async (): Promise<readonly Entry[]> => {
    try {
      const entries = entriesOf(await askAside(`${host}/api/tags`, { ms: LIST_MS }));
      known = { entries, atMs: elapsed() };
      return entries;
    } finally {
      asking = undefined;
    }
  };
  return {
    async get(): Promise<readonly Entry[]> {
      if (known !== undefined && elapsed() - known.atMs < GOOD_MS) return known.entries;
      asking ??= ask();
      return await asking;
    },
    forget() {
      known = undefined;
    },
  };
}

/** Context with which the model is loaded; undefined when it is not, or nobody can say. Never throws. */
export async function contextOf(host: string, model: string): Promise<number | undefined> {
  try {
    return entryOf(entriesOf(await askAside(`${host}/api/ps`, { ms: LOADED_MS })), model)?.context_length;
  } catch {
    // An older Ollama, or one that is too busy to say: taken for cold, which only makes us wait longer.
    return undefined;
  }
}
