import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import type { DocumentResult } from "../../src/documents/analysis.ts";
import { reportFiles, sharedFiles, writeOut } from "../../src/documents/report-files.ts";
import { ANALYSED, PRACTICE, READ_SCAN, SCAN, saying } from "./sample-results.ts";

const CHROMIUM = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);
const skip = CHROMIUM === undefined ? "no Chromium found: set CHROMIUM_PATH to check the reports in a real browser" : false;

const HOSTILE = saying(
  `</title></style><script>window.owned = 1</script><img src=x onerror="window.owned=1">"'><a href="javascript:window.owned=1">a</a> http://evil.example/`,
);

const UNREAD = [
  { key: "a", files: ["2026/<b>chiffré</b>.pdf"], reason: "the PDF asks for a password: export it again without a password" },
  { key: "b", files: ["vide.pdf", "vide (copie).pdf"], reason: "the file is empty (0 bytes)" },
];

describe("reports in a real browser", { skip }, () => {
  let browser: Browser;
  let outDir: string;
  let axe: string;
  before(async () => {
    outDir = await mkdtemp(join(tmpdir(), "ecluse-reports-"));
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? "",
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    });
  });
  after(async () => {
    await browser.close();
    await rm(outDir, { recursive: true });
  });

  /** Opens a file as a reader would; every request but the file itself is written down and refused. */
  async function visit(path: string) {
    // The page's own policy forbids every script, so axe only runs with it lifted; the policy itself is tried below without.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const asked: string[] = [];
    const url = pathToFileURL(path).href;
    await page.route("**/*", async (route) => {
      if (route.request().url() === url) return route.continue();
      asked.push(route.request().url());
      return route.abort();
    });
    await page.goto(url);
    return { page, asked, close: () => context.close() };
  }

  const reportOf = async (result: DocumentResult): Promise<string> => (await writeOut(reportFiles(result), outDir))[0] ?? "";
  const indexOf = async (results: readonly DocumentResult[]): Promise<string> =>
    (await writeOut(sharedFiles(results, "seed"), outDir))[0] ?? "";
  const PAGES: readonly (readonly [string, () => Promise<string>])[] = [
    ["of an analysed document", () => reportOf(ANALYSED)],
    ["of a scan that nobody could read", () => reportOf(SCAN)],
    ["of a scan that was read", () => reportOf(READ_SCAN)],
    ["by the practice model", () => reportOf(PRACTICE)],
    ["of a document full of hostile text", () => reportOf(HOSTILE)],
    ["that lists all documents", () => indexOf([ANALYSED, SCAN, PRACTICE])],
    ["that lists files nobody could read", async () => (await writeOut(sharedFiles([ANALYSED], "seed", UNREAD), outDir))[0] ?? ""],
    ["that lists no document", () => indexOf([])],
  ];

  for (const [what, write] of PAGES) {
    it(`the page ${what} has no accessibility fault, asks for nothing and needs no sideways scrolling, on a desk and on a phone`, async () => {
      const path = await write();
      const { page, asked, close } = await visit(path);
      await page.addScriptTag({ content: axe });
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const found = await page.evaluate(async () => {
          const { axe: checker } = globalThis as unknown as {
            axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const { violations } = await checker.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        });
        assert.deepEqual(found, []);
        assert.deepEqual(asked, []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `scrolls sideways at ${width}`);
        const shots = process.env.REPORT_SHOTS;
        if (shots !== undefined) await page.screenshot({ path: join(shots, `${what.replaceAll(" ", "-")}-${width}.png`), fullPage: true });
      }
      await close();
    });
  }

  it("a page whose document carries scripts runs none of them and has no link of theirs", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(await reportOf(HOSTILE)).href);
    assert.deepEqual(
      await page.evaluate(() => ({
        owned: "owned" in globalThis,
        scripts: document.scripts.length,
        links: [...document.links].map((link) => link.getAttribute("href")),
      })),
      { owned: false, scripts: 0, links: ["#contenu"] },
    );
    await context.close();
  });

  it("the list shows what was chosen by category, kind and year, without a script, by keyboard too, and counts it", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(await indexOf([ANALYSED, SCAN, PRACTICE])).href);
    const shown = async () => await page.locator("ul.documents > li:visible h2").allInnerTexts();
    assert.equal((await shown()).length, 3);
    await page.locator("#kind-arrete").check();
    assert.deepEqual(await shown(), ["Arrêté portant réglementation"]);
    await page.locator("#kind-all").check();
    await page.locator("#year-2026").focus();
    await page.keyboard.press("Space");
    assert.ok(!(await shown()).includes("P-PM2023-003"));
    await page.keyboard.press("ArrowDown");
    assert.deepEqual(await shown(), ["P-PM2023-003"]);
    await context.close();
  });

  it("a quote of a scan has its place marked on a small page, under the page's own policy", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(await reportOf(READ_SCAN)).href);
    const figure = page.locator("figure.proof", { hasText: "les travaux du quai commencent" });
    const [leaf, mark] = [await figure.locator(".leaf").boundingBox(), await figure.locator(".mark").boundingBox()];
    assert.ok(leaf && mark);
    const down = (mark.y + mark.height / 2 - leaf.y) / leaf.height;
    assert.ok(Math.abs(down - 0.397) < 0.03, `${down}`);
    assert.ok(mark.x > leaf.x && mark.x + mark.width < leaf.x + leaf.width);
    assert.equal(await page.locator("svg").count(), 4);
    await context.close();
  });

  it("a page keeps its style under its own policy, and would refuse a script put into it", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(await reportOf(ANALYSED)).href);
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.querySelector(".sheet") ?? document.body).backgroundColor),
      "rgb(255, 255, 255)",
    );
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "globalThis.owned = true";
      document.body.append(script);
      return "owned" in globalThis;
    });
    assert.equal(ran, false);
    await context.close();
  });
});
