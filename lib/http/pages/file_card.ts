import type { SourceFile } from "../../catalog/file.ts";
import { rfc3339 } from "../render/rfc3339.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/**
 * Renders what is known of a file, with its checksums.
 *
 * @param words of the language
 * @param file the file; of one that is not in the index nothing but the path is known
 * @param plain for tools: numbers without separators, a hash that is not known as `N/A`
 * @returns HTML
 */
export function renderFileCard(words: Words, file: SourceFile, plain: boolean): Html {
  const known = file.modTime !== null || file.size > 0;
  const unknown = words.text("unknown");
  const hashes = [["MD5", file.md5], ["SHA1", file.sha1], ["SHA256", file.sha256]]
    .map(([name = "", hash = ""]) => [name, hash === "" && plain ? "N/A" : hash])
    .filter(([, hash]) => hash !== "")
    .map((row) => hashRow(words, row));
  return markup`<section class="card" aria-labelledby="file">
<h2 id="file">${words.text("file.title")}</h2>
<dl class="facts">
<dt>${words.text("file.path")}</dt><dd><bdi>${file.path}</bdi></dd>
<dt>${words.text("file.size")}</dt><dd>${known ? sizeHtml(words, file.size, plain) : unknown}</dd>
<dt>${words.text("file.modified")}</dt><dd>${timeHtml(words, file.modTime, plain)}</dd>
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

function sizeHtml(words: Words, size: number, plain: boolean): Html | string {
  const bytes = words.bytes(size);
  if (plain) return markup`<span title="${bytes}">${size}</span>`;
  return size < 1024 ? bytes : words.text("file.size.both", { bytes, size: words.size(size) });
}

function timeHtml(words: Words, time: number | null, plain: boolean): Html | string {
  if (time === null || Math.abs(time) > 8.64e15) return words.text("unknown");
  const machine = rfc3339(Math.floor(time / 1000) * 1000);
  return markup`<time datetime="${machine}">${
    plain ? new Date(time).toUTCString().replace("GMT", "UTC") : words.time(time)
  }</time>`;
}

function hashRow(words: Words, [name = "", hash = ""]: readonly string[]): Html {
  if (hash === "N/A") return markup`<tr><th scope="row">${name}</th><td>${hash}</td></tr>`;
  const copy = words.text("copy.this", { name });
  return markup`<tr><th scope="row">${name}</th><td><code data-copy="${copy}">${hash}</code></td></tr>`;
}
