/** Long enough for a busy machine's Ollama; nobody is waited for when nothing listens. */
const LOOK_MS = 3_000;

/** Names of the models that the Ollama at an address has, with their tags; undefined when no Ollama answers there. */
export async function modelsAt(host: string): Promise<readonly string[] | undefined> {
  try {
    const version = (await getJson(`${host}/api/version`)) as { readonly version?: unknown } | null;
    if (typeof version?.version !== "string") return undefined;
    const tags = (await getJson(`${host}/api/tags`)) as { readonly models?: readonly { readonly name?: unknown }[] } | null;
    return (tags?.models ?? []).flatMap(({ name }) => (typeof name === "string" ? [tagged(name)] : []));
  } catch {
    return undefined;
  }
}

/** As Ollama completes a name. */
export const tagged = (name: string): string => (/:[^/]+$/.test(name) ? name : `${name}:latest`);

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LOOK_MS) });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return await response.json();
}
