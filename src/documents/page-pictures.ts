import { underAnyName } from "./any-name.ts";
import { contentOf } from "./read.ts";
import type { Pictures } from "./read-pages.ts";
import { type Pictures as Drawer, openPictures } from "./render.ts";

/**
 * The pages of a PDF of the shelf as pictures, drawn one at a time in a process of their own. One that could not be drawn ends that
 * process; the next page gets another.
 *
 * @param document  any of its names will do: one may have been removed since the scan
 * @throws Fault "document-changed" when no name leads to these bytes any more, "unreadable-document"; the signal's reason
 */
export async function pagePictures(
  root: string,
  { files, sha256 }: { readonly files: readonly string[]; readonly sha256: string },
  signal: AbortSignal,
): Promise<Pictures> {
  const { content } = await underAnyName(files, signal, (file) => contentOf(root, { file, sha256 }, signal));
  let drawer: Drawer | undefined;
  const close = async (): Promise<void> => {
    await drawer?.close();
    drawer = undefined;
  };
  return {
    async page(number, turn) {
      drawer ??= await openPictures(content, { signal });
      try {
        return await drawer.render({ page: number, turn }, signal);
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
  };
}
