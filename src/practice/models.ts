import type { Clock } from "../core/clock.ts";

export const PRACTICE_MODEL = "practice";

/** Whether an answer's model is the practice model under its own name: such an answer must be shown as an exercise. */
export const isPractice = (model: string): boolean => tagged(model) === tagged(PRACTICE_MODEL);

/** Given when a request names no `num_ctx`, as on a large GPU. */
export const DEFAULT_CONTEXT = 262_144;
const DEFAULT_KEEP_ALIVE_MS = 300_000;
const FOR_EVER_MS = 100 * 365 * 86_400_000;

type KeepAlive = number | string | null | undefined;

export interface Models {
  has(name: string): boolean;
  /** Whether the model must be loaded for this context length; it then is. */
  load(name: string, context: number, keepAlive: KeepAlive): boolean;
  /** It is not unloaded while it works. @returns to be called once at the end: its time begins then */
  use(name: string): (keepAlive: KeepAlive) => void;
  unload(name: string): void;
  /** Bodies of /api/tags, /api/ps and /api/show. */
  tags(): object;
  ps(): object;
  show(): object;
}

/** As Ollama completes a name. */
function tagged(name: string): string {
  return /:[^/]+$/.test(name) ? name : `${name}:latest`;
}

/** The models the server says it has and which of them is loaded, with which context. */
export function newModels(names: readonly string[], clock: Clock): Models {
  const known = [...new Set(names.map(tagged))];
  const installedAt = clock.now().toISOString();
  const loaded = new Map<string, { context: number; untilMs: number }>();
  const uses = new Map<string, number>();
  const isLoaded = (name: string) => loaded.has(name) && ((uses.get(name) ?? 0) > 0 || (loaded.get(name)?.untilMs ?? 0) > clock.elapsed());
  return {
    has: (name) => known.includes(tagged(name)),
    load(name, context, keepAlive) {
      const key = tagged(name);
      const mustLoad = !isLoaded(key) || loaded.get(key)?.context !== context;
      loaded.set(key, { context, untilMs: clock.elapsed() + keepAliveMs(keepAlive) });
      return mustLoad;
    },
    use(name) {
      const key = tagged(name);
      uses.set(key, (uses.get(key) ?? 0) + 1);
      return (keepAlive) => {
        uses.set(key, (uses.get(key) ?? 1) - 1);
        const now = loaded.get(key);
        if (now !== undefined) loaded.set(key, { ...now, untilMs: clock.elapsed() + keepAliveMs(keepAlive) });
      };
    },
    unload: (name) => void loaded.delete(tagged(name)),
    tags: () => ({ models: known.map((name) => ({ ...entry(name), modified_at: installedAt })) }),
    ps: () => ({
      models: [...loaded]
        .filter(([name]) => isLoaded(name))
        .map(([name, { context, untilMs }]) => ({
          ...entry(name),
          expires_at: new Date(clock.now().getTime() + untilMs - clock.elapsed()).toISOString(),
          size_vram: 0,
          context_length: context,
        })),
    }),
    show: () => ({
      modelfile: "",
      template: "",
      details: DETAILS,
      model_info: { "general.architecture": PRACTICE_MODEL, "practice.context_length": DEFAULT_CONTEXT },
      capabilities: ["completion"],
      modified_at: installedAt,
    }),
  };
}

const DETAILS = {
  parent_model: "",
  format: "practice",
  family: "practice",
  families: ["practice"],
  parameter_size: "0",
  quantization_level: "none",
};

const entry = (name: string) => ({ name, model: name, size: 0, digest: "0".repeat(64), details: DETAILS });

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A number is seconds, a word is Go's "1h30m"; negative is for ever. What cannot be read counts as the default. */
function keepAliveMs(keepAlive: KeepAlive): number {
  if (keepAlive === null || keepAlive === undefined) return DEFAULT_KEEP_ALIVE_MS;
  if (typeof keepAlive === "number" || /^-?\d{1,9}$/.test(keepAlive)) {
    const ms = Number(keepAlive) * 1_000;
    return ms < 0 ? FOR_EVER_MS : ms;
  }
  if (keepAlive.startsWith("-")) return FOR_EVER_MS;
  const parts = [...keepAlive.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)/g)];
  if (parts.length === 0) return DEFAULT_KEEP_ALIVE_MS;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS_MS[unit ?? ""] ?? 0), 0);
}
