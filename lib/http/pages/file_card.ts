import type { SourceFile } from "../../catalog/file.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/**
 * Renders what is known of a file, with its checksums.
 *
 * @param words of the language
 * @param file the file; of one that is not in the index nothing but the path is known
 * @returns HTML
 */
export function renderFileCard(words: Words, file: SourceFile): Html {
  const known = file.modTime !== null || file.size > 0;
  const unknown = words.text("unknown");
  const hashes = [["MD5", file.md5], ["SHA1", file.sha1], ["SHA256", file.sha256]]
    .filter(([, hash]) => hash !== "")
    .map((row) => hashRow(words, row));
  return markup`<section class="card" aria-labelledby="file">
<h2 id="file">${words.text("file.title")}</h2>
<dl class="facts">
<dt>${words.text("file.path")}</dt><dd><bdi>${file.path}</bdi></dd>
<dt>${words.text("file.size")}</dt><dd>${known ? sizeText(words, file.size) : unknown}</dd>
<dt>${words.text("file.modified")}</dt><dd>${timeHtml(words, file.modTime)}</dd>
</dl>
${
    hashes.length === 0 ? NO_HTML : markup`<table class="hashes">
<caption>${words.text("file.hashes")}</caption>
<tbody>
${lines(hashes)}
</tbody>
</table>`
  }
</section>`;
}

function sizeText(words: Words, size: number): string {
  const bytes = words.bytes(size);
  return size < 1024 ? bytes : words.text("file.size.both", { bytes, size: words.size(size) });
}

function timeHtml(words: Words, time: number | null): Html | string {
  if (time === null || Math.abs(time) > 8.64e15) return words.text("unknown");
  const machine = rfc3339(Math.floor(time / 1000) * 1000);
  return markup`<time datetime="${machine}">${words.time(time)}</time>`;
}

function hashRow(words: Words, [name = "", hash = ""]: readonly string[]): Html {
  const copy = words.text("copy.this", { name });
  return markup`<tr><th scope="row">${name}</th><td><code data-copy="${copy}">${hash}</code></td></tr>`;
}
