import type { DifferencePage, FileVersion } from "../catalog/file_difference.ts";
import type { DifferencesJson } from "./api/difference_schemas.ts";

/** Turns files that differ into what the control API shows: times are ISO 8601 in UTC. */
export function differencesToJson({ files, more }: DifferencePage): DifferencesJson {
  return {
    files: files.map(({ path, source, mirror }) => ({
      path,
      source: versionToJson(source),
      mirror: versionToJson(mirror),
    })),
    more,
  };
}

function versionToJson(
  version: FileVersion | null,
): DifferencesJson["files"][number]["source"] {
  if (version === null) return null;
  const { size, modTime } = version;
  return { size, modTime: modTime === null ? null : new Date(modTime).toISOString() };
}
