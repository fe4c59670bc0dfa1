import { encodePath } from "../../catalog/encode_path.ts";
import type { SourceFile } from "../../catalog/file.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { MessageKey } from "./words/en.ts";
import type { Words } from "./words/words.ts";

/** What the page of a file offers besides its mirrors. */
export interface OfferedForms {
  /** Words of the query that give something now: `sha256`, `meta4`. */
  readonly words: readonly string[];
  /** Paths of signatures and the like that lie beside the file. */
  readonly beside: readonly string[];
}

/** Nothing. */
export const NO_FORMS: OfferedForms = { words: [], beside: [] };

/** How people call what a word gives, in every language. */
const NAMES: Readonly<Record<string, string>> = {
  md5: "MD5",
  sha1: "SHA-1",
  sha256: "SHA-256",
  meta4: "Metalink 4",
  metalink: "Metalink 3",
  torrent: "Torrent",
  zsync: "zsync",
};

/** What a language has words for. */
const WORDED: Readonly<Record<string, MessageKey>> = {
  magnet: "share.magnet",
  btih: "share.btih",
};

/** Hashes that programs of every system can check, the best first. */
const CHECKED = [
  { hash: "sha256", linux: "sha256sum -c", macos: "shasum -a 256 -c", windows: "SHA256" },
  { hash: "sha1", linux: "sha1sum -c", macos: "shasum -a 1 -c", windows: "SHA1" },
] as const;

/** Names that the programs write in another way, or a shell takes for several lines. */
// deno-lint-ignore no-control-regex -- these are what is looked for
const AWKWARD = /[\x00-\x1f\x7f\\\ud800-\udfff]/u;

/**
 * Renders how to check a download, and what else there is of the file.
 *
 * @param words of the language
 * @param file as in the index
 * @param forms what is offered of it
 * @returns HTML; nothing when there is nothing
 */
export function renderShareCard(
  words: Words,
  file: SourceFile,
  { words: forms, beside }: OfferedForms,
): Html {
  const commands = commandsOf(words, file);
  const path = encodePath(file.path);
  const links = [
    ...forms.map((word) => {
      const key = WORDED[word];
      const name = key === undefined ? NAMES[word] ?? word : words.text(key);
      return markup`<li><a href="${path}?${word}">${name}</a></li>`;
    }),
    ...beside.map((other) =>
      markup`<li><a href="${encodePath(other)}">${other.slice(other.lastIndexOf("/") + 1)}</a></li>`
    ),
  ];
  if (commands.length === 0 && links.length === 0) return NO_HTML;
  return markup`<section class="card" aria-labelledby="check">
<h2 id="check">${words.text("share.title")}</h2>
${
    commands.length === 0
      ? NO_HTML
      : markup`<details class="check"><summary>${words.text("share.check")}</summary>
<dl class="commands">
${lines(commands)}
</dl></details>`
  }
${
    links.length === 0 ? NO_HTML : markup`<ul class="links">
${lines(links)}
</ul>`
  }
</section>`;
}

function commandsOf(words: Words, file: SourceFile): Html[] {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const best = CHECKED.find(({ hash }) => /^[\da-f]+$/.test(file[hash]));
  if (best === undefined || AWKWARD.test(name)) return [];
  const hash = file[best.hash];
  // Never an option, and one argument whatever it holds.
  const safe = name.startsWith("-") ? `./${name}` : name;
  const posix = `'${safe.replaceAll("'", `'\\''`)}'`;
  // PowerShell takes typographic quotes for its own.
  const windows = `'${safe.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
  const list = `printf '%s  %s\\n' ${hash} ${posix}`;
  return [
    row(words, "Linux", `${list} | ${best.linux}`),
    row(words, "macOS", `${list} | ${best.macos}`),
    row(
      words,
      "Windows",
      `(Get-FileHash -Algorithm ${best.windows} -LiteralPath ${windows}).Hash -eq '${hash}'`,
    ),
  ];
}

function row(words: Words, system: string, command: string): Html {
  const copy = words.text("copy.this", { name: words.text("share.command", { system }) });
  return markup`<div><dt>${system}</dt><dd><code dir="ltr" data-copy="${copy}">${command}</code></dd></div>`;
}
