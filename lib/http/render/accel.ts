import { encodePath } from "../../catalog/encode_path.ts";
import type { AccelConfig } from "../../config/config.ts";
import type { Answer } from "./answer.ts";
import { contentType } from "./content_type.ts";
import { NO_CACHE, NO_SNIFF } from "./headers.ts";

/**
 * Has the front send a file: what it makes of ranges and conditions is its own affair.
 *
 * @param accel how it is told
 * @param root absolute path of the repository
 * @param path of the file in there, decoded
 * @returns a 200 without length and tag, which are those of the file; `null`: its name fits in no header
 */
export function renderAccel(
  { header, prefix }: AccelConfig,
  root: string,
  path: string,
): Answer | null {
  const target = header === "X-Sendfile"
    ? plainPath(root + path)
    : prefix + encodePath(path).slice(1);
  if (target === null) return null;
  return {
    status: 200,
    headers: [NO_CACHE, ["Content-Type", contentType(path)], NO_SNIFF, [header, target]],
    // Without a body, the runtime would say that there are 0 bytes.
    body: ReadableStream.from([]),
    tagged: false,
    compressible: false,
    counts: "local",
  };
}

/** Apache takes a path as it is, byte by byte. */
function plainPath(path: string): string | null {
  // deno-lint-ignore no-control-regex -- these are what is looked for
  if (/[\x00-\x1f\x7f]/.test(path)) return null;
  return String.fromCharCode(...new TextEncoder().encode(path));
}
