import { encodePath } from "../../catalog/encode_path.ts";
import type { FoundFile } from "./found_file.ts";
import type { FileSource } from "./list_sources.ts";
import type { HttpRequest } from "./request.ts";
import { selfBase } from "./self_url.ts";
import type { HttpState } from "./state.ts";

/**
 * Names a file by this server, where it sends it itself: a document may name it so, behind the mirrors.
 *
 * @param state which files those are
 * @param request knows under which name the client reached this server
 * @param found the file
 * @param alone whether no mirror serves it
 * @returns `null`: it is not, or the name is not known
 */
export function ownSource(
  { here, config }: Pick<HttpState, "here" | "config">,
  request: Pick<HttpRequest, "headers" | "scheme">,
  found: Extract<FoundFile, { type: "indexed" }>,
  alone: boolean,
): FileSource | null {
  if (here === null || !(here.has(found) || (alone && here.lastResort))) return null;
  const base = selfBase(config, request);
  return base === null
    ? null
    : { url: base + encodePath(found.indexed.file.path).slice(1), country: "" };
}
