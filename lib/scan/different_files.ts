import type { DifferencePage, DifferenceQuery, DifferentFile } from "../catalog/file_difference.ts";
import { compareWithSource, type ComparisonRule } from "./compare_with_source.ts";
import type { FileTable } from "./file_table.ts";

/**
 * Names files of a mirror that differ from the source in one way, as a scan counts them.
 *
 * @param source the files of the source
 * @param copies the files of the mirror
 */
export function differentFiles(
  source: FileTable,
  copies: FileTable,
  rule: ComparisonRule,
  { kind, after, limit }: DifferenceQuery,
): DifferencePage {
  const paths: string[] = [];
  if (kind === "foreign") {
    for (const path of copies.paths()) if (path > after && source.find(path) < 0) paths.push(path);
  } else {
    compareWithSource(source, (path) => copies.version(path), copies.length, rule, (what, path) => {
      if (what === kind && path > after) paths.push(path);
    });
  }
  paths.sort();
  const files = paths.slice(0, limit).map((path): DifferentFile => ({
    path,
    source: source.version(path),
    mirror: copies.version(path),
  }));
  return { files, more: paths.length > limit };
}
