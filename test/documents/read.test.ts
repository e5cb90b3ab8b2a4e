import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFile, link, mkdir, rename, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Fault } from "../../src/core/fault.ts";
import { readDocument } from "../../src/documents/read.ts";
import { listDocuments } from "../../src/documents/shelf.ts";
import { documentsFolder, sha256Of } from "../support/folder.ts";
import { frenchText, pdfOf } from "../support/pdf.ts";

const SECRET = "a file outside the documents folder";
const OUTSIDE_NAMES = [
  "../outside.txt",
  "a/../../outside.txt",
  "./a.txt",
  "a//b.txt",
  "/etc/passwd",
  "/etc/hosts.txt",
  "a.txt\0.pdf",
  "..",
  "",
  "/",
  "a/",
  ".hidden.txt",
  ".git/a.txt",
  "%2e%2e/outside.txt",
  "..%2foutside.txt",
  "..\\outside.txt",
  "a.docx",
  "a",
  "x".repeat(300).concat(".txt"),
];

describe("a document's name", () => {
  for (const name of OUTSIDE_NAMES) {
    it(`leads to no file outside the documents folder: ${JSON.stringify(name.slice(0, 40))}`, async (t) => {
      const { put, path } = await documentsFolder(t);
      await put("outside.txt", SECRET);
      await put("documents/a.txt", "inside");
      const read = readDocument(path("documents"), { file: name, sha256: sha256Of(SECRET) }, { signal: t.signal });
      await assert.rejects(read, { kind: "unreadable-document" });
    });
  }

  it("is never decoded: a file really called %2e%2e is read", async (t) => {
    const { root, put } = await documentsFolder(t);
    const { pages } = await readDocument(root, await put("a%2e%2e/%2E%2fn%C2%B0.txt", "texte"), { signal: t.signal });
    assert.equal(pages[0]?.text, "texte");
  });
});

describe("a document that is no longer what was listed", () => {
  it("is not read when it became a link to a file outside", async (t) => {
    const { put, path } = await documentsFolder(t);
    const secret = await put("outside.txt", SECRET);
    await mkdir(path("documents"));
    await symlink("../outside.txt", path("documents/a.txt"));
    const read = readDocument(path("documents"), { file: "a.txt", sha256: secret.sha256 }, { signal: t.signal });
    await assert.rejects(read, /it is a link/);
  });

  it("is not read when it became a link to another document of the folder", async (t) => {
    const { root, put, path } = await documentsFolder(t);
    const other = await put("other.txt", "texte");
    await symlink("other.txt", path("a.txt"));
    await assert.rejects(readDocument(root, { file: "a.txt", sha256: other.sha256 }, { signal: t.signal }), /it is a link/);
  });

  it("is not read when its folder became a link to a folder outside", async (t) => {
    const { put, path } = await documentsFolder(t);
    const secret = await put("private/a.txt", SECRET);
    await mkdir(path("documents"));
    await symlink("../private", path("documents/folder"));
    const read = readDocument(path("documents"), { file: "folder/a.txt", sha256: secret.sha256 }, { signal: t.signal });
    await assert.rejects(read, /it is a link/);
  });

  it("is not read when a folder beside the root begins with the root's name", async (t) => {
    const { put, path } = await documentsFolder(t);
    const secret = await put("documents-private/a.txt", SECRET);
    await mkdir(path("documents"));
    await symlink("../documents-private", path("documents/folder"));
    const read = readDocument(path("documents"), { file: "folder/a.txt", sha256: secret.sha256 }, { signal: t.signal });
    await assert.rejects(read, /it is a link/);
  });

  it("is not waited for when it became a pipe", { timeout: 5_000 }, async (t) => {
    const { root, path } = await documentsFolder(t);
    assert.equal(spawnSync("mkfifo", [path("a.txt")]).status, 0);
    await assert.rejects(readDocument(root, { file: "a.txt", sha256: sha256Of("") }, { signal: t.signal }), /it is a pipe/);
  });

  it("is reported as changed when one letter was added, one byte of a PDF differs or another file took its name", async (t) => {
    const { root, put, path } = await documentsFolder(t);
    const text = await put("a.txt", "texte");
    const pdf = await put("a.pdf", await pdfOf(["Bonjour"]));
    const moved = await put("b.md", "texte");
    await appendFile(path("a.txt"), "!");
    await put("a.pdf", (await pdfOf(["Bonjour"])).subarray(1));
    await put("other.md", "autre texte");
    await rename(path("other.md"), path("b.md"));
    for (const document of [text, pdf, moved]) {
      await assert.rejects(readDocument(root, document, { signal: t.signal }), { kind: "document-changed" });
    }
  });

  it("is reported as gone when it is gone", async (t) => {
    const { root, put, path } = await documentsFolder(t);
    const document = await put("a.md", "texte");
    await unlink(path("a.md"));
    await assert.rejects(readDocument(root, document, { signal: t.signal }), /no longer there/);
  });

  it("is read when the same bytes lie under a second name", async (t) => {
    const { root, put, path } = await documentsFolder(t);
    const document = await put("a.md", "texte");
    await link(path("a.md"), path("b.md"));
    const { pages } = await readDocument(root, { ...document, file: "b.md" }, { signal: t.signal });
    assert.equal(pages[0]?.text, "texte");
  });
});

const TEXTS: readonly (readonly [title: string, content: Buffer, text: string])[] = [
  ["UTF-8", Buffer.from("L’école œuvre à 12 €"), "L’école œuvre à 12 €"],
  ["UTF-8 with a mark at its beginning", Buffer.from("\uFEFFécole"), "école"],
  [
    "the encoding of old Windows files",
    Buffer.from([0x4c, 0x92, 0xe9, 0x63, 0x6f, 0x6c, 0x65, 0x20, 0x9c, 0x75, 0x20, 0x80]),
    "L’école œu €",
  ],
  ["what Windows calls Unicode", Buffer.from("\uFEFFécole", "utf16le"), "école"],
  ["lines that end as on Windows", Buffer.from("un\r\ndeux\rtrois"), "un\ndeux\ntrois"],
];

describe("a text file", () => {
  for (const [title, content, text] of TEXTS) {
    it(`is read in ${title}`, async (t) => {
      const { root, put } = await documentsFolder(t);
      const { pages } = await readDocument(root, await put("a.txt", content), { signal: t.signal });
      assert.deepEqual(pages, [{ number: 1, text, readable: "text", flags: [] }]);
    });
  }

  it("has a new page at each form feed, and a Markdown file always has one", async (t) => {
    const { root, put } = await documentsFolder(t);
    const read = async (file: string) => readDocument(root, await put(file, "un\f\fdeux\f"), { signal: t.signal });
    assert.deepEqual(
      (await read("a.txt")).pages.map(({ number, text, readable }) => [number, text, readable]),
      [
        [1, "un", "text"],
        [2, "", "empty"],
        [3, "deux", "text"],
      ],
    );
    assert.equal((await read("a.md")).pages.length, 1);
  });

  it("of a million letters is read to the last one", async (t) => {
    const { root, put } = await documentsFolder(t);
    const text = frenchText(200_000);
    const { pages } = await readDocument(root, await put("long.md", text), { signal: t.signal });
    assert.equal(pages[0]?.text, text);
  });

  for (const [what, content] of [
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])],
    ["control characters", Buffer.from("\x01\x02\x03abc")],
  ] as const) {
    it(`that holds ${what} is refused`, async (t) => {
      const { root, put } = await documentsFolder(t);
      await assert.rejects(readDocument(root, await put("a.md", content), { signal: t.signal }), /holds something else/);
    });
  }

  it("above the limit of letters is refused whole, never cut", async (t) => {
    const { root, put } = await documentsFolder(t);
    const read = readDocument(root, await put("a.txt", "0123456789!"), { signal: t.signal, limits: { chars: 10 } });
    await assert.rejects(read, /more than 10 characters: split it/);
  });
});

describe("reading", () => {
  it("gives the size, the hash and the pages of a PDF, and tells how far it is", async (t) => {
    const { root, put } = await documentsFolder(t);
    const content = await pdfOf([frenchText(30), ""]);
    const document = await put("a.pdf", content);
    const seen: number[][] = [];
    const read = await readDocument(root, document, { signal: t.signal, onPage: (done, total) => seen.push([done, total]) });
    assert.deepEqual(
      { ...read, pages: read.pages.map((page) => page.readable) },
      { format: "pdf", bytes: content.length, sha256: document.sha256, pages: ["text", "empty"], activeContent: false },
    );
    assert.deepEqual(seen, [
      [1, 2],
      [2, 2],
    ]);
  });

  it("is not begun for a job that was cancelled", async (t) => {
    const { root, put } = await documentsFolder(t);
    const why = new Fault("cancelled", "stopping");
    for (const file of ["a.md", "a.pdf"]) {
      await assert.rejects(readDocument(root, await put(file, "x"), { signal: AbortSignal.abort(why) }), why);
    }
  });

  it("works for every sample document, and finds the scan among them", async (t) => {
    const root = join(import.meta.dirname, "../../samples/documents");
    const scans: string[] = [];
    for (const item of await listDocuments(root)) {
      assert.equal(item.kind, "document");
      if (item.kind !== "document") continue;
      const { pages } = await readDocument(root, item, { signal: t.signal });
      if (pages.every((page) => page.readable !== "text")) scans.push(item.file);
    }
    assert.deepEqual(scans, ["PM2026-018-signe.pdf"]);
  });
});
