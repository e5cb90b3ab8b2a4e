import { z } from "zod";

/** Not only blanks. */
export const text = z.string().trim().min(1);
export const model = text.max(200);
export const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
  .transform((url) => url.replace(/\/+$/, ""));
export const whole = (min: number, max: number) =>
  z.coerce
    .number({ error: "must be a number" })
    .int("must be a whole number")
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
export const wholeOrAuto = (min: number, max: number) =>
  z.union([z.literal("auto"), whole(min, max)], { error: "must be auto or a number" });

/** Names with commas or blanks between them, each once. */
export const chainOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z
    .string()
    .transform((said) => said.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.enum(names, { error: `must name only ${names.join(", ")}` })).min(1, "must name at least one provider"))
    .refine((said) => new Set(said).size === said.length, "names a provider twice");

export const PARIS = "Europe/Paris";
export const egress = z.enum(["off", "eu", "all"], { error: "must be off, eu or all" });

/** As `ollama serve` reads it: a bare name or address gets port 11434, a URL without port keeps its scheme's. */
const ollamaHost = text
  .transform((host) => (/^[a-z]+:\/\//i.test(host) ? host : `http://${/:\d+$/.test(host) ? host : `${host}:11434`}`))
  .transform((host) => host.replace("//0.0.0.0", "//127.0.0.1"))
  .pipe(httpUrl);

const isOllamaCloud = (host: string): boolean => /(^|\.)ollama\.(com|ai)$/i.test(new URL(host).hostname);

/** Several are used side by side. All at home, or all at Ollama's own cloud: the chain asks one place or the other, never whichever is free. */
export const ollamaHosts = z
  .string()
  .transform((hosts) => hosts.split(/[\s,]+/).filter(Boolean))
  .pipe(z.array(ollamaHost).min(1, "must name at least one address").max(16, "must name at most 16 addresses"))
  .refine((hosts) => new Set(hosts).size === hosts.length, "names an address twice")
  .refine((hosts) => new Set(hosts.map(isOllamaCloud)).size === 1, "mixes local addresses with Ollama's own cloud");

/** A cloud model behind the local address is egress in disguise (O26), so the name itself is refused. */
export const localModel = model.refine(
  (name) => !/[:-]cloud$/i.test(name),
  "names a model that Ollama runs in the cloud: choose a local one",
);

/** The default needs no proof: asking the calendar takes 9 MB that an idle worker does not need otherwise. */
export function isTimeZone(zone: string): boolean {
  if (zone === PARIS) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
