import type { ShownEntries } from "../request/shown_entries.ts";
import type { Answer } from "./answer.ts";
import { renderJsonDocument } from "./json_document.ts";
import { rfc3339 } from "./rfc3339.ts";

/**
 * Renders a directory as JSON.
 *
 * @param path decoded path of the directory
 * @param shown its entries
 * @param mirrors how many mirrors carry each entry, by name; `null`: nobody counted
 * @param pretty whether people read it
 * @returns the answer
 */
export function renderDirectoryJson(
  path: string,
  { entries, page, pages }: ShownEntries,
  mirrors: ReadonlyMap<string, number> | null,
  pretty: boolean,
): Answer {
  const value = {
    Path: path,
    Page: page,
    Pages: pages,
    Entries: entries.map(({ name, type, size, modTime }) => ({
      Name: name,
      Type: type,
      Size: size,
      ModTime: modTime === null ? null : rfc3339(modTime),
      Mirrors: mirrors?.get(name) ?? null,
    })),
  };
  return renderJsonDocument(value, pretty);
}
