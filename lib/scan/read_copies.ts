import type { Store } from "../store/store.ts";
import { FileTable } from "./file_table.ts";

/**
 * Reads what the store knows of the files of a mirror.
 *
 * @throws {StoreUnavailableError}
 * @throws the signal's reason when it was aborted
 */
export async function readCopies(
  store: Pick<Store, "copiesOf">,
  mirrorId: number,
  signal: AbortSignal,
): Promise<FileTable> {
  const copies = new FileTable();
  for await (const batch of store.copiesOf(mirrorId)) {
    signal.throwIfAborted();
    for (const { path, size, modTime } of batch) copies.add(path, size, modTime);
  }
  return copies;
}
