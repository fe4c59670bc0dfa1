import type { SourceFile } from "../../catalog/file.ts";
import { byteSize } from "../../catalog/byte_size.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { type Html, lines, markup } from "../render/html.ts";

/**
 * Renders what is known of a file, with its checksums.
 *
 * @param file the file; of one that is not in the index nothing but the path is known
 * @returns HTML
 */
export function renderFileCard(file: SourceFile): Html {
  const known = file.modTime !== null || file.size > 0;
  const hashes = [["MD5", file.md5], ["SHA1", file.sha1], ["SHA256", file.sha256]].map(hashRow);
  return markup`<section class="card" aria-labelledby="file">
<h2 id="file">File</h2>
<dl class="facts">
<dt>Path</dt><dd>${file.path}</dd>
<dt>Size</dt><dd>${known ? sizeText(file.size) : "unknown"}</dd>
<dt>Modified</dt><dd>${timeHtml(file.modTime)}</dd>
</dl>
<table class="hashes">
<caption>Hashes</caption>
<tbody>
${lines(hashes)}
</tbody>
</table>
</section>`;
}

function sizeText(size: number): string {
  return size < 1024 ? `${size} bytes` : `${size} bytes (${byteSize(size)})`;
}

function timeHtml(time: number | null): Html | string {
  if (time === null) return "unknown";
  const text = new Date(time).toUTCString().replace("GMT", "UTC");
  return markup`<time datetime="${rfc3339(Math.floor(time / 1000) * 1000)}">${text}</time>`;
}

function hashRow([name = "", hash = ""]: readonly string[]): Html {
  const value = hash === ""
    ? markup`<span class="muted">N/A</span>`
    : markup`<code data-copy="${name}">${hash}</code>`;
  return markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;
}
