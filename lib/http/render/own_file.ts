import { formatHttpDate } from "../request/date.ts";
import type { ByteRange } from "../request/byte_range.ts";
import { fileTag, type TaggedFile } from "../request/file_tag.ts";
import type { Answer, Body } from "./answer.ts";
import { contentType } from "./content_type.ts";
import { renderError } from "./error.ts";
import { type Header, NO_SNIFF } from "./headers.ts";

/** Nobody on the way may change it: a part of a compressed file is no part of the file. */
const AS_IT_IS: Header = ["Cache-Control", "no-cache, no-transform"];

/**
 * Renders a file of the repository, or a part of it.
 *
 * @param path of the file, which tells what it holds
 * @param file as it is now
 * @param range the part; `null`: all of it
 * @param body its bytes
 * @returns a 200 or 206
 */
export function renderOwnFile(
  path: string,
  file: TaggedFile,
  range: ByteRange | null,
  body: Body,
): Answer {
  const length = range?.length ?? file.size;
  const headers: Header[] = [
    AS_IT_IS,
    ["Content-Type", contentType(path)],
    NO_SNIFF,
    ["Accept-Ranges", "bytes"],
    ...versionOf(file),
  ];
  if (range !== null) {
    const { start } = range;
    headers.push(["Content-Range", `bytes ${start}-${start + length - 1}/${file.size}`]);
  }
  // Of bytes, it is written where they are sent.
  if (body instanceof ReadableStream) headers.push(["Content-Length", `${length}`]);
  return {
    status: range === null ? 200 : 206,
    headers,
    body,
    tagged: false,
    compressible: false,
    counts: "local",
  };
}

/** Answers a client that has this version already. */
export function renderOwnUnmodified(file: TaggedFile): Answer {
  const headers = [AS_IT_IS, ...versionOf(file)];
  return { status: 304, headers, body: null, tagged: false, compressible: false };
}

/** Answers a client that wants a part that is not there. */
export function renderNoSuchPart({ size }: TaggedFile): Answer {
  const answer = renderError(416);
  return { ...answer, headers: [...answer.headers, ["Content-Range", `bytes */${size}`]] };
}

function versionOf(file: TaggedFile): Header[] {
  const tag = fileTag(file);
  if (tag === null || file.modTime === null) return [];
  return [["ETag", tag], ["Last-Modified", formatHttpDate(file.modTime)]];
}
