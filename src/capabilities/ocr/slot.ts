/** As the lock names the processors that read scans. */
export const OCR_SLOT = "ocr";

/**
 * The keys in Redis of one machine's pages in reading: one per page that may be read at a time.
 *
 * @param host  of this machine: another one has processors of its own
 * @param cores  its processors, of which "auto" leaves one to the workers
 */
export function ocrLocks(host: string, parallel: number | "auto", cores: number): readonly [string, ...string[]] {
  const permits = parallel === "auto" ? Math.max(1, cores - 1) : parallel;
  const key = `ecluse:slot:ocr:${host}`;
  return [key, ...Array.from({ length: permits - 1 }, (_, index) => `${key}:${index + 2}`)];
}
