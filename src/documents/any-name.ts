/**
 * Reads a document under the first of its names that leads to it: one may have been removed since the scan.
 *
 * @throws what the last name led to; what `read` threw, at once, when the work is stopped
 */
export async function underAnyName<Value>(
  files: readonly string[],
  signal: AbortSignal,
  read: (file: string) => Promise<Value>,
): Promise<Value> {
  let last: unknown;
  for (const file of files) {
    try {
      return await read(file);
    } catch (error) {
      if (signal.aborted) throw error;
      last = error;
    }
  }
  throw last;
}
