import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SourceTree } from "../../../lib/catalog/source_tree.ts";
import { HttpLister } from "../../../lib/scan/http/http_lister.ts";
import { ListingError } from "../../../lib/scan/lister.ts";
import { pagesOf, type RecordedPage, SERVERS, TREE } from "./recorded.ts";

const DIRECTORIES = ["/times/", "/sizes/", "/pool/main/", "/names/"];

/** Pages of real servers, with the files that are there. */
const PAGES = SERVERS.filter((name) => name !== "s3rver").flatMap((server) =>
  pagesOf(server).filter(({ path, status, plain }) =>
    plain && status === 200 && DIRECTORIES.includes(path)
  ).map((page) => ({ server, page }))
);

const NOW = Date.UTC(2026, 10, 28, 14);

/** What becomes of a page on its way, or by other settings of its server. */
type Mutation = (text: string, at: number, length: number) => string;

const WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/Index of|Directory listing for|Directory: /g, ["Verzeichnis von ", "の索引 ", "Índice de "]],
  [/Parent Directory/g, ["Übergeordnetes Verzeichnis", "親ディレクトリ", "Directorio padre"]],
  [/Last modified|Last Modified/g, ["Zuletzt geändert", "最終更新", "Modificado"]],
  [/\bName\b/g, ["Dateiname", "名前", "Nombre"]],
  [/\bSize\b/g, ["Größe", "サイズ", "Tamaño"]],
  [/\bOct\b/g, ["Okt", "10月", "oct."]],
  [/\bDec\b/g, ["Dez", "12月", "dic."]],
  [/\bMay\b/g, ["Mai", "5月", "may."]],
  [/\bbytes\b/g, ["Bytes", "バイト", "octets"]],
];

function lineAfter(text: string, at: number): number {
  const found = text.indexOf("\n", at % (text.length + 1));
  return found < 0 ? text.length : found + 1;
}

function shuffledAttributes(text: string, seed: number): string {
  return text.replace(/<([a-z]+)((?:\s+[\w-]+="[^"<>]*")+)\s*>/gi, (_, tag, attributes) => {
    const all = attributes.match(/[\w-]+="[^"<>]*"/g)!;
    const turned = all.slice(seed % all.length).concat(all.slice(0, seed % all.length)).reverse();
    const written = turned.map((one: string) =>
      seed % 3 === 0 && !one.includes("'") ? one.replaceAll('"', "'") : one
    );
    return `<${seed % 2 ? tag.toUpperCase() : tag}\n data-x="1" ${written.join("  ")} >`;
  });
}

const MUTATIONS: Record<string, Mutation> = {
  "as it is": (text) => text,
  cut: (text, at) => text.slice(0, at % (text.length + 1)),
  "lines twice": (text, at, length) => {
    const [from, to] = [lineAfter(text, at), lineAfter(text, at + length)].sort((a, b) => a - b);
    return text.slice(0, to) + text.slice(from, to) + text.slice(to!);
  },
  "the page twice": (text) => text + text,
  "a page within": (text, at) =>
    text.slice(0, lineAfter(text, at)) + text + text.slice(lineAfter(text, at)),
  nested: (text, at) => {
    const around = ["div", "table", "pre", "ul", "body", "a", "td"][at % 7]!;
    return `<html><${around}>${text}</${around}></html>`;
  },
  "a tag within": (text, at) =>
    text.slice(0, lineAfter(text, at)) +
    ["<pre>", "<table><tr>", "<ul><li>", "</div>", "<td>"][at % 5] +
    text.slice(lineAfter(text, at)),
  "another language": (text, at) =>
    WORDS.reduce((text, [word, others]) => text.replace(word, others[at % 3]!), text),
  "attributes shuffled": shuffledAttributes,
  "blanks and breaks": (text, at) =>
    at % 2 ? text.replaceAll("\n", "\r\n") : text.replace(/>\n+</g, "><"),
};

const CHARSETS = ["", "; charset=utf-16", "; charset=iso-8859-1", "; charset=shift_jis", ";"];

/** A scan of one directory, whose listing is as given; what is asked for one by one is true. */
async function scan(
  page: RecordedPage,
  body: Uint8Array,
  contentType: string,
  isFramed: boolean,
): Promise<void> {
  const { files } = TREE.get(page.path)!;
  const tree = new SourceTree();
  for (const { name, size, modTime } of files) tree.add({ path: `/${name}`, size, modTime });
  let elapsed = 0;
  const fetch = (url: string, { method }: RequestInit): Promise<Response> => {
    const path = decodeURIComponent(new URL(url).pathname);
    if (method === "GET" && path === page.path) {
      return Promise.resolve(
        new Response(body.slice(), {
          headers: {
            "content-type": contentType,
            ...(isFramed ? { "content-length": `${body.length}` } : {}),
          },
        }),
      );
    }
    const file = files.find(({ name }) => page.path + name === path);
    if (file === undefined) return Promise.resolve(new Response("", { status: 404 }));
    const headers = {
      "content-length": `${file.size}`,
      "last-modified": new Date(Math.floor(file.modTime / 1000) * 1000).toUTCString(),
      date: new Date(NOW).toUTCString(),
    };
    return Promise.resolve(new Response(null, { headers }));
  };
  const lister = new HttpLister({
    openClient: () => ({ fetch, [Symbol.dispose]() {} }),
    clock: {
      now: () => NOW + elapsed,
      elapsed: () => elapsed,
      delay: (milliseconds) => Promise.resolve(void (elapsed += milliseconds)),
      timeout: () => new AbortController().signal,
    },
    ...{ random: () => 0.5, rate: 200, redirects: true },
    ...{ interval: 21_600_000, scanInterval: 1_800_000 },
    resolve: () => Promise.resolve([]),
  });
  const known = new Map(files.map(({ name, size, modTime }) => [`/${name}`, { size, modTime }]));
  const listing = lister.list(`http://mirror.test${page.path}`, new AbortController().signal, {
    source: tree,
    known: (path) => known.get(path) ?? null,
    timed: true,
  });
  const found = new Map<string, { size: number; modTime: number | null }>();
  try {
    for await (const batch of listing.files) for (const file of batch) found.set(file.path, file);
  } catch (error) {
    // Nothing is written then.
    assert(error instanceof ListingError, `${error}`);
    return;
  }
  const unread = listing.unread!();
  for (const { name, size, modTime } of files) {
    const file = found.get(`/${name}`);
    if (file === undefined) {
      assert(
        unread.includes("/") || unread.includes("") || unread.includes(`/${name}`),
        `${name} is gone`,
      );
    } else assertEquals([file.size, file.modTime], [size, Math.floor(modTime / 1000) * 1000], name);
  }
}

for (const [what, mutate] of Object.entries(MUTATIONS)) {
  Deno.test(`no page makes a file gone or different that is there: ${what}`, async () => {
    const pages = fc.constantFrom(...PAGES);
    const places = fc.nat(1_000_000);
    const numRuns = what === "as it is" ? 4 * PAGES.length : 60;
    await fc.assert(
      fc.asyncProperty(pages, places, fc.nat(20_000), fc.constantFrom(...CHARSETS), async (
        { page },
        at,
        length,
        charset,
      ) => {
        const text = new TextDecoder("latin1").decode(page.body);
        const mutated = mutate(text, at, length);
        const body = Uint8Array.from(mutated, (letter) => letter.charCodeAt(0));
        // Other languages have other letters; a server writes them in its charset.
        const written = /[^\0-\xff]/.test(mutated) ? new TextEncoder().encode(mutated) : body;
        await scan(page, written, page.contentType.split(";")[0] + charset, at % 2 === 1);
      }),
      { numRuns },
    );
  });
}
