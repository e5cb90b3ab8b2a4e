import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { PDFParse } from "pdf-parse";
import { readSource } from "../scripts/samples/blocks.ts";
import { CATEGORY_KEYS, categoryNamed } from "../src/contributions/categories.ts";

const ROOT = join(import.meta.dirname, "..");
const SAMPLES = join(ROOT, "samples");
const DOCUMENTS = join(SAMPLES, "documents");

const DELIBERATION = "DE2026-012-groupe-scolaire.pdf";
const ARRETE = "Arrêté n° PM2026-031 – Fête du port.pdf";
const TARIFS = "tarifs-et-subventions-2026.pdf";
const BULLETIN = "bulletin-n7-hiver-2026.pdf";
const SCAN = "PM2026-018-signe.pdf";

/** Every PDF with its number of pages. */
const PAGES: Readonly<Record<string, number>> = {
  [DELIBERATION]: 4,
  [ARRETE]: 2,
  "PM2026-031.pdf": 2,
  [TARIFS]: 2,
  [BULLETIN]: 4,
  [SCAN]: 1,
};

/** file, page, words that stand on that page and on no other of the file; together they hold é è ê ï û ç œ É € « » ’ – ° ² ñ ù. */
const MARKED: readonly (readonly [string, number, string])[] = [
  [DELIBERATION, 1, "Date de la convocation : 19 février 2026"],
  [DELIBERATION, 1, "M. Fañch KERVAZOUEN"],
  [DELIBERATION, 2, "une toiture-terrasse sans isolant sur 640 m², des menuiseries en simple vitrage côté cour"],
  [DELIBERATION, 2, "Honoraires de maîtrise d’œuvre et contrôles 94 000 €"],
  [DELIBERATION, 3, "à la majorité (14 voix pour, 3 voix contre, 1 abstention)"],
  [DELIBERATION, 3, "Commune de Port-Kerelec 24 % 252 000 €"],
  [DELIBERATION, 4, "un emprunt de 150 000 € sur quinze ans et par 102 000 € d’autofinancement"],
  [ARRETE, 1, "quai des Goémoniers et rue de la Cale-Neuve, du samedi 18 juillet 2026 à 8 h 00 au lundi 20 juillet 2026 à 2 h 00"],
  [ARRETE, 2, "Article 4 – Buvettes et commerce ambulant"],
  [ARRETE, 2, "Fait à Port-Kerelec, le 20 mai 2026."],
  [TARIFS, 1, "Salle Ti ar Mor, habitant la journée 180,00 € 190,00 €"],
  [TARIFS, 2, "Cercle celtique Bleunioù ar Mor Danse et costume 48 1 900 €"],
  [TARIFS, 2, "Total 19 600 €"],
  [BULLETIN, 1, "Bloavezh mat d’an holl !"],
  [BULLETIN, 2, "L’exposition « Goémoniers, gestes et visages » réunit soixante photographies"],
  [BULLETIN, 2, "Erwana Kestell racontera la pêche au cœur de l’hiver"],
  [BULLETIN, 3, "Les neuf conseillers élus en octobre ont choisi leur projet"],
  [BULLETIN, 4, "Le poste de médecin, vacant depuis le 1er septembre 2025, reste à pourvoir."],
];

interface Contribution {
  readonly id: string;
  readonly category?: string;
  readonly constat_factuel?: string;
  readonly idees_ameliorations?: string;
  readonly title?: string;
  readonly body?: string;
}

describe("the documents of Port-Kerelec", () => {
  it("have the number of pages the README states", async () => {
    const files = readdirSync(DOCUMENTS).filter((name) => name.endsWith(".pdf"));
    const counts = await Promise.all(files.map(async (file) => [file.normalize("NFC"), (await pagesOf(file)).length]));
    assert.deepEqual(Object.fromEntries(counts), PAGES);
  });

  for (const [file, page, words] of MARKED) {
    it(`${file}: « ${words} » is on page ${page} and on no other`, async () => {
      const pages = await pagesOf(file);
      assert.deepEqual(
        pages.flatMap((text, index) => (text.includes(words) ? [index + 1] : [])),
        [page],
      );
    });
  }

  it("include a scan without a single letter of text, small enough for an e-mail", async () => {
    assert.deepEqual(await pagesOf(SCAN), [""]);
    assert.ok(readFileSync(join(DOCUMENTS, SCAN)).length < 250_000);
  });

  it("include one act under two names with the same bytes, and no other pair", () => {
    const hashes = Map.groupBy(readdirSync(DOCUMENTS), (name) => sha256(join(DOCUMENTS, name)));
    const twins = [...hashes.values()]
      .filter((names) => names.length > 1)
      .map((names) => names.map((name) => name.normalize("NFC")).sort());
    assert.deepEqual(twins, [[ARRETE, "PM2026-031.pdf"].sort()]);
  });

  it("include a transcript of several speakers, longer than one prompt", () => {
    const text = readFileSync(join(DOCUMENTS, "reunion-publique-2026-02-05-transcription.md"), "utf8");
    const turns = [...text.matchAll(/^(\d\d:\d\d:\d\d) (\p{Lu}.+)$/gmu)];
    const times = turns.map(([, time]) => time);
    assert.deepEqual(times, [...new Set(times)].sort(), "time only goes forward");
    assert.ok(new Set(turns.map(([, , speaker]) => speaker)).size >= 8);
    assert.ok(text.length > 15_000 && text.length < 20_000, `${text.length} characters`);
  });

  it("state totals that are the sum of the amounts above them", () => {
    const names = readdirSync(join(SAMPLES, "sources")).filter((name) => name.endsWith(".txt"));
    const tables = names.flatMap((name) => readSource(readFileSync(join(SAMPLES, "sources", name), "utf8")).blocks);
    const sums = tables.flatMap((block) => {
      const last = block.kind === "table" ? block.rows.at(-1) : undefined;
      if (block.kind !== "table" || last?.[0]?.startsWith("Total") !== true) return [];
      const stated = euros(last.at(-1));
      return [{ stated, summed: block.rows.slice(1, -1).reduce((sum, row) => sum + euros(row.at(-1)), 0) }];
    });
    assert.deepEqual(
      sums.map(({ summed }) => summed),
      sums.map(({ stated }) => stated),
    );
    assert.equal(sums.length, 3);
  });

  it("are drawn again byte for byte from their sources", () => {
    const folder = mkdtempSync(join(tmpdir(), "samples-"));
    try {
      const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/make-samples.ts"), "--out", folder], {
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      const hashesOf = (place: string, names: readonly string[]) =>
        names.map((name) => `${sha256(join(place, name))}  ${name.normalize("NFC")}`).sort();
      const committed = readdirSync(DOCUMENTS).filter((name) => name.endsWith(".pdf"));
      assert.deepEqual(hashesOf(folder, readdirSync(folder)), hashesOf(DOCUMENTS, committed));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the contributions of Port-Kerelec", () => {
  const contributions = JSON.parse(readFileSync(join(SAMPLES, "contributions.json"), "utf8")) as Contribution[];
  const expected = JSON.parse(readFileSync(join(SAMPLES, "expected.json"), "utf8")) as Record<string, string>;

  it("are twenty, each with its own id, in one of the two shapes citizens' forms send", () => {
    assert.equal(new Set(contributions.map(({ id }) => id)).size, 20);
    const shapes = contributions.map((one) =>
      Object.keys(one)
        .filter((key) => key !== "category")
        .join(),
    );
    assert.deepEqual(new Set(shapes), new Set(["id,constat_factuel,idees_ameliorations", "id,title,body"]));
  });

  it("are neither empty nor longer than 20,000 characters", () => {
    for (const one of contributions) {
      const length = `${one.constat_factuel ?? one.title}${one.idees_ameliorations ?? one.body}`.length;
      assert.ok(length > 80 && length < 20_000, `${one.id}: ${length} characters`);
    }
  });

  it("cover all seven categories with acceptable contributions, under names the program knows", () => {
    const categories = contributions
      .filter(({ id, category }) => expected[id] === "valid" && category !== undefined)
      .map(({ category }) => categoryNamed(category ?? ""));
    assert.deepEqual(new Set(categories), new Set(CATEGORY_KEYS));
  });

  it("come with what a person would answer, kept apart from what is sent: 12 valid, 6 not, 2 for a person to decide", () => {
    assert.deepEqual(
      Object.keys(expected),
      contributions.map(({ id }) => id),
    );
    const counts = Map.groupBy(Object.values(expected), (answer) => answer);
    assert.deepEqual(
      [...counts].map(([answer, all]) => `${answer} ${all.length}`),
      ["valid 12", "invalid 6", "undecided 2"],
    );
  });
});

/** Text of each page with every run of white space as one space: where a line ends is the drawing's affair. */
async function pagesOf(file: string): Promise<string[]> {
  const parser = new PDFParse({ data: new Uint8Array(readFileSync(join(DOCUMENTS, file))) });
  try {
    const { pages } = await parser.getText();
    return pages.map(({ text }) => text.replace(/\s+/g, " ").trim());
  } finally {
    await parser.destroy();
  }
}

function euros(cell = ""): number {
  return Number(cell.replace(/[^\d,]/g, "").replace(",", "."));
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
