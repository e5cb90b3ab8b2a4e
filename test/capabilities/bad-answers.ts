import type { Completion } from "../../src/capabilities/completion/contract.ts";

/** An answer that must not be believed, and why. */
export interface BadAnswer {
  readonly why: string;
  readonly completion: Completion;
}

/** A good answer, and what the generator cannot know of its fields. */
export interface Specimen {
  readonly good: object;
  /** Names of the fields that take any text. */
  readonly freeTexts: readonly string[];
  /** Numbers that are out of bounds, by field. */
  readonly badNumbers: Readonly<Record<string, readonly number[]>>;
  /** The prompt, to be echoed. */
  readonly system: string;
}

export const said = (text: string, finish: Completion["finish"] = "complete"): Completion => ({
  text,
  finish,
  model: "m",
  tokensIn: 1,
  tokensOut: 1,
});

/** The same specimen gives the same answers every time. */
export function badAnswers(specimen: Specimen): readonly BadAnswer[] {
  const text = JSON.stringify(specimen.good);
  const texts = [...wrecks(text), ...keys(text), ...strangers(specimen), ...sentences(), ...bodies(), ...fields(specimen)];
  return [
    ...texts.map(([why, bad]) => ({ why, completion: said(bad) })),
    // "content_filter" is a word that no type of ours has.
    ...["cut", "refused", "other", "content_filter", "", "stop"].map((finish) => ({
      why: `whole, but ended with "${finish}"`,
      completion: said(text, finish as Completion["finish"]),
    })),
  ];
}

type Bad = readonly [why: string, text: string];

/** The good answer, damaged on the way. */
function wrecks(text: string): readonly Bad[] {
  const cuts = Array.from({ length: 60 }, (_, index) => Math.floor((text.length * index) / 60));
  return [
    ...cuts.map((at) => [`cut after ${at} characters`, text.slice(0, at)] as const),
    ...cuts.slice(0, 20).map((at) => [`without its first ${at + 1} characters`, text.slice(at + 1)] as const),
    ...cuts.slice(1, 20).map((at) => [`fenced, cut after ${at} characters`, `\`\`\`json\n${text.slice(0, at)}\n\`\`\``] as const),
    ["given twice", `${text}\n${text}`],
    ["given twice in prose", `Première possibilité : ${text} ou bien ${text}`],
    ["one of a list", `[${text}]`],
    ["one of a list in prose", `Voici : [${text}]`],
    ["in a string", JSON.stringify(text)],
    ["with another brace in the words", `Le format {…} donne ${text}`],
    ["with a comma too many", text.replace(/\}$/, ",}")],
    ["in simple quotation marks", text.replaceAll('"', "'")],
    ["with bare keys", text.replace(/"(\w+)":/g, "$1:")],
    ["with a comment", text.replace("{", "{ /* charte */ ")],
    ["with a line break in a text", text.replace(/ /, "\n")],
    ["with a bracket too many", `${text}}`],
    ["after an essay", `${"Je réfléchis encore un peu. ".repeat(100)}${text}`],
  ];
}

/** The good answer with fields that nobody asked for, or the same one twice. */
function keys(text: string): readonly Bad[] {
  const names = Object.keys(JSON.parse(text) as object);
  const extra = ["id", "contribution", "contributions_id", "__proto__", "constructor", "prototype", "toString", "valid", "error", ""];
  return [
    ...names.map((name) => [`with "${name}" twice`, text.replace(/\}$/, `,"${name}":true}`)] as const),
    ...names.map((name) => [`with "${name}" twice, the first one wrong`, text.replace("{", `{"${name}":null,`)] as const),
    ...names.map(
      (name) => [`with "${name}" twice, once in disguise`, text.replace("{", `{"\\u${hex(name)}${name.slice(1)}":true,`)] as const,
    ),
    ...names.map((name) => [`with "${name}" under another name`, text.replace(`"${name}"`, `"${name.toUpperCase()}"`)] as const),
    ...extra.map((name) => [`with a field "${name}"`, text.replace("{", `{${JSON.stringify(name)}:"c-999",`)] as const),
    ...extra.map((name) => [`with an object "${name}"`, text.replace("{", `{${JSON.stringify(name)}:{"is_valid":true},`)] as const),
    ["all in __proto__", `{"__proto__":${text}}`],
    ...["answer", "result", "data", "json", "response", "0"].map((name) => [`wrapped in "${name}"`, `{"${name}":${text}}`] as const),
  ];
}

const hex = (name: string): string => name.charCodeAt(0).toString(16).padStart(4, "0");

/** What is no answer at all. */
function strangers({ good, system }: Specimen): readonly Bad[] {
  const plain = [
    "",
    " ",
    "\n\n\t",
    "\u200b\u200b",
    "\ufeff",
    "\u0000",
    "null",
    "true",
    "false",
    "0",
    "1",
    "NaN",
    "undefined",
    "[]",
    "{}",
    '""',
    "[[]]",
  ];
  return [
    ...plain.map((text) => [`only ${JSON.stringify(text)}`, text] as const),
    ["an empty fence", "```json\n```"],
    ["a fence of nothing", "```\n\n```"],
    ["the instructions", system],
    ["the instructions as JSON", JSON.stringify({ system })],
    ["the instructions before the answer", `${system.slice(0, 1_000)}\n${JSON.stringify(good)}`],
    [
      "a schema",
      JSON.stringify({ type: "object", properties: Object.fromEntries(Object.keys(good).map((key) => [key, { type: "string" }])) }),
    ],
    ["the names of the fields", JSON.stringify(Object.keys(good))],
    [
      "in YAML",
      Object.entries(good)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join("\n"),
    ],
    [
      "in XML",
      `<answer>${Object.keys(good)
        .map((key) => `<${key}>true</${key}>`)
        .join("")}</answer>`,
    ],
    ["5 MB of blanks before the answer", `${" ".repeat(5_000_000)}${JSON.stringify(good)}`],
    ["5 MB of the letter a", "a".repeat(5_000_000)],
    ["50,000 brackets", "[".repeat(50_000)],
    ["50,000 braces", "{".repeat(50_000)],
    ["50,000 quotation marks", '"\\'.repeat(25_000)],
    ["a list in a list, 40,000 deep", `${"[".repeat(40_000)}${"]".repeat(40_000)}`],
    ["an object in an object, 10,000 deep", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
    ["the answer with a field 10,000 deep", JSON.stringify(good).replace("{", `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)},`)],
  ];
}

/** What models say when they will not, or do not understand. */
const sentences = (): readonly Bad[] =>
  [
    "Je suis désolé, mais je ne peux pas répondre à cette demande.",
    "Désolé, je ne peux pas vous aider.",
    "Je ne peux pas évaluer cette contribution.",
    "Je ne suis pas en mesure d'analyser ce document.",
    "Il m'est impossible de traiter ce texte.",
    "En tant que modèle de langue, je n'ai pas d'opinion.",
    "I'm sorry, but I can't assist with that request.",
    "I cannot help with this.",
    "As an AI, I do not judge people.",
    "La contribution respecte la charte.",
    "is_valid: true",
    "valide",
    "OK",
    "oui",
    "Bien sûr ! Que puis-je faire pour vous ?",
    "<think>Le texte parle d'une commune.</think>",
    "The contribution is valid, with a confidence of 0.95.",
  ].flatMap((sentence): readonly Bad[] => [
    [`the sentence "${sentence}"`, sentence],
    [`the sentence "${sentence}" as JSON`, JSON.stringify(sentence)],
    [`the sentence "${sentence}" as a field`, JSON.stringify({ reason: sentence })],
  ]);

/** Bodies of vendors and proxies that come with a status 200. */
const bodies = (): readonly Bad[] =>
  [
    '{"error":"model \'mistral\' not found"}',
    '{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}',
    '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
    '{"object":"error","message":"Service tier capacity exceeded for this model.","type":"rate_limited","code":"1300"}',
    '{"promptFeedback":{"blockReason":"SAFETY"}}',
    '{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}',
    '{"status":"ok"}',
    '{"choices":[{"message":{"content":"{}"},"finish_reason":"stop"}]}',
    '{"name":"charter_answer","arguments":"{}"}',
    '{"refusal":"I cannot help with that."}',
    "data: [DONE]",
    "<html><body><h1>502 Bad Gateway</h1></body></html>",
    "<!DOCTYPE html><title>Connexion au portail</title>",
    "upstream connect error or disconnect/reset before headers",
  ].map((body) => [`the body ${body.slice(0, 40)}`, body]);

/** The good answer with one value replaced, at every place. */
function fields({ good, freeTexts, badNumbers }: Specimen): readonly Bad[] {
  return places(good).flatMap(({ name, put, value }): readonly Bad[] => [
    [`without ${name}`, put(undefined)],
    ...instead(value, freeTexts.includes(lastWord(name)), badNumbers[lastWord(name)] ?? []).map(
      (bad): Bad => [`with ${JSON.stringify(bad).slice(0, 40)} as ${name}`, put(bad)],
    ),
    ...(typeof value === "number" ? ["NaN", "Infinity", "1e999", "-1e999", "0x1", "01", ".5"] : ["NaN", "undefined"]).map(
      (literal): Bad => [`with the bare word ${literal} as ${name}`, put(MARK).replace(JSON.stringify(MARK), literal)],
    ),
  ]);
}

const MARK = "THE-PLACE";
const lastWord = (name: string): string => name.split(".").findLast((part) => !/^\d+$/.test(part)) ?? "";

/** Values of every other type, and the wrong ones of its own. */
function instead(value: unknown, isFree: boolean, badNumbers: readonly number[]): readonly unknown[] {
  const others = [null, {}, { a: 1 }, [null], [[]], "", " ", "\u200b", ...(isFree ? [] : [["SENTENCE"]])];
  const words = isFree
    ? ["—", "…", "a".repeat(10_000)]
    : ["SENTENCE", "true", "0.9", "null", "a".repeat(10_000), "culture|economie", "Économie"];
  const numbers = typeof value === "number" ? badNumbers : [0, 1, 7, -1, 0.5];
  return [
    ...others,
    ...words,
    ...numbers,
    ...(typeof value === "boolean" ? [] : [true, false]),
    ...(Array.isArray(value) ? [Array(1_000).fill("x")] : [[], [value]]),
  ];
}

interface Place {
  readonly name: string;
  readonly value: unknown;
  /** The whole answer as text, with another value here; undefined leaves the field out. */
  put(value: unknown): string;
}

/** Every field and the first item of every list, at every depth. */
function places(node: object, name = "", put: (value: unknown) => string = JSON.stringify): readonly Place[] {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(node);
  return (Array.isArray(node) ? entries.slice(0, 1) : entries).flatMap(([key, value]) => {
    const here: Place = { name: name === "" ? key : `${name}.${key}`, value, put: (other) => put(replaced(node, key, other)) };
    return typeof value === "object" && value !== null ? [here, ...places(value, here.name, here.put)] : [here];
  });
}

function replaced(node: object, key: string, value: unknown): unknown {
  if (!Array.isArray(node)) return { ...node, [key]: value };
  return node.map((old: unknown, index) => (String(index) === key ? value : old));
}
