import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import type { PieceHashes } from "../../../lib/catalog/piece_hashes.ts";
import type { ZsyncSums } from "../../../lib/catalog/zsync_sums.ts";
import type { MetalinkFacts } from "../../../lib/http/render/metalink.ts";
import { encodePath } from "../../../lib/catalog/encode_path.ts";
import { attachment } from "../../../lib/http/render/headers.ts";
import { METALINK_3 } from "../../../lib/http/render/metalink3.ts";
import { METALINK_4 } from "../../../lib/http/render/metalink4.ts";
import { renderInfoHash, renderMagnet, renderTorrent } from "../../../lib/http/render/torrent.ts";
import { torrentInfo } from "../../../lib/http/render/torrent_info.ts";
import { PieceHasher } from "../../../lib/scan/piece_hasher.ts";
import { ZsyncHasher } from "../../../lib/scan/zsync_hasher.ts";
import { fakeFile } from "../../support/fake_store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { FILE_TIME, indexedFile, Site } from "../fixtures.ts";

const SIZE = 1_100_000;
const BYTES = new Uint8Array(SIZE).fill(3);
const FORMATS = ["meta4", "metalink", "torrent", "magnet", "btih", "zsync"] as const;

/** A name, and what documents call it. */
const NAMES: readonly (readonly [name: string, told: string])[] = [
  ["a&b.iso", "a&b.iso"],
  ["a<b>]]>.iso", "a<b>]]>.iso"],
  [`it's "q".iso`, `it's "q".iso`],
  ["100%25.iso", "100%25.iso"],
  ["a  b+c.iso", "a  b+c.iso"],
  ["\u00fcml\u00e4ut.iso", "\u00fcml\u00e4ut.iso"],
  ["u\u0308mla\u0308ut.iso", "u\u0308mla\u0308ut.iso"],
  ["日本🎉.iso", "日本🎉.iso"],
  [`${"ü".repeat(127)}x`, `${"ü".repeat(127)}x`],
  ["a\nURL: http:x", "a_URL: http:x"],
  ["a\r\tb\x7f.iso", "a__b_.iso"],
  ["\x01", "_"],
  ["a\ufffe\uffffb", "a__b"],
  ["&amp;&#10;.iso", "&amp;&#10;.iso"],
  ["..a", "..a"],
  [`a;b,c=d?e#f\\g.iso`, `a;b,c=d?e#f\\g.iso`],
];

// deno-lint-ignore no-control-regex -- these are what is looked for
const CONTROLS = /[\x00-\x1f\x7f]/;

function recordOf(path: string): PieceHashes & { readonly zsync: ZsyncSums } {
  const [pieces, zsync] = [new PieceHasher(SIZE, true), new ZsyncHasher(SIZE)];
  pieces.update(BYTES);
  zsync.update(BYTES);
  const stamp = { path, size: SIZE, modTime: FILE_TIME, sha256: "ab".repeat(32) };
  return { ...stamp, ...pieces.finish(), zsync: zsync.finish() };
}

/** Decodes bencode, as far as torrents go. @returns the value, and where it ends */
function decode(bytes: Buffer, at = 0): [value: unknown, end: number] {
  const kind = String.fromCharCode(bytes[at]!);
  if (kind === "i") {
    const end = bytes.indexOf("e", at);
    return [Number(bytes.toString("latin1", at + 1, end)), end + 1];
  }
  if (kind === "l" || kind === "d") {
    const items: unknown[] = [];
    let next = at + 1;
    while (bytes[next] !== 0x65) {
      const [item, end] = decode(bytes, next);
      items.push(item);
      next = end;
    }
    if (kind === "l") return [items, next + 1];
    const pairs = Array.from({ length: items.length / 2 }, (_, i) => items.slice(2 * i, 2 * i + 2));
    return [Object.fromEntries(pairs), next + 1];
  }
  const colon = bytes.indexOf(":", at);
  const end = colon + 1 + Number(bytes.toString("latin1", at, colon));
  return [bytes.toString("utf8", colon + 1, end), end];
}

/** What xmllint makes of the name in a document; it fails for what is not well-formed. */
async function nameIn(xml: string, file: string): Promise<string> {
  await Deno.writeTextFile(file, xml);
  const { code, stdout, stderr } = await new Deno.Command("xmllint", {
    args: ["--nonet", "--xpath", "string(//*[local-name()='file']/@name)", file],
    env: { LANG: "C.UTF-8" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).slice(0, -1);
}

Deno.test("every format tells every name that can be told, and never breaks of it", async (t) => {
  await using directory = await tempDir();
  for (const [name, told] of NAMES) {
    await t.step(JSON.stringify(name), async () => {
      const path = `/d/${name}`;
      const url = `http://m1.example${encodePath(path)}`;
      const site = new Site({
        files: [indexedFile(path, { size: SIZE })],
        pieces: new Map([[path, recordOf(path)]]),
        config: { torrents: true, torrentVersion: "hybrid", zsync: true, pieceHashMinSize: 1 },
      });
      for (const word of FORMATS) {
        const response = await site.get(`${encodePath(path)}?${word}`, {
          headers: { Host: "dl.example.org" },
        });
        if (word === "zsync" && CONTROLS.test(name)) {
          assertEquals(response.status, 404);
          continue;
        }
        assertEquals(response.status, 200, word);
        const kept = response.headers.get("Content-Disposition");
        assert(kept === null || /^[\x20-\x7e]+$/.test(kept), `${kept}`);
        if (kept?.includes("filename*=")) {
          const extended = decodeURIComponent(kept.split("UTF-8''")[1]!);
          assertEquals(extended, `${told}.${word}`);
        }
        const bytes = Buffer.from(await response.bytes());
        const text = bytes.toString("utf8");
        if (word === "meta4" || word === "metalink") {
          assertEquals(await nameIn(text, `${directory.path}/x.xml`), told);
          assert(
            text.includes(url.replaceAll("&", "&amp;").replaceAll("'", "&apos;")) ||
              text.includes(url.replaceAll("&", "&amp;").replaceAll("'", "&#39;")),
          );
        } else if (word === "torrent") {
          const [torrent, end] = decode(bytes);
          assertEquals(end, bytes.length);
          const { info, "url-list": seeds } = torrent as {
            info: { name: string; "file tree": Record<string, unknown> };
            "url-list": string[];
          };
          assertEquals([info.name, Object.keys(info["file tree"])], [told, [told]]);
          assert(seeds.includes(url.replaceAll("'", "%27")), seeds.join(" "));
        } else if (word === "magnet") {
          const parameters = new URLSearchParams(text.trimEnd().slice("magnet:?".length));
          assertEquals(parameters.get("dn"), told);
          assert(
            parameters.getAll("ws").every((seed) =>
              seed.endsWith(encodePath(path).replaceAll("'", "%27"))
            ),
          );
          assertEquals(text.split("\n").length, 2);
        } else if (word === "btih") {
          assertEquals(/^[\da-f]{40} {2}([^\n]*)\n$/.exec(text)?.[1], told);
        } else {
          const head = text.slice(0, text.indexOf("\n\n"));
          assertEquals(/^Filename: (.*)$/m.exec(head)?.[1], told);
          assert(head.split("\n").every((line) => /^[A-Za-z\d-]+: /.test(line)), head);
          assert(head.includes("\nURL: http"), head);
        }
      }
    });
  }
});

Deno.test("half characters are told as an underscore, and bytes that are no text not at all", async () => {
  await using directory = await tempDir();
  const path = "/d/a\ud800b\udc80.iso";
  const pieces = recordOf(path);
  const sources = [{ url: "http://m1.example/d/a%FFb.iso", country: "de" }];
  const program = "Mirrorbits/1.2.3";
  const facts: MetalinkFacts = {
    ...{ program, origin: null, publisher: null, pieces, revisions: [], sources },
    file: fakeFile(path, { size: SIZE, sha256: "ab".repeat(32) }),
  };
  for (const form of [METALINK_3, METALINK_4]) {
    assertEquals(await nameIn(form.write(facts), `${directory.path}/x.xml`), "a_b_.iso");
  }
  const info = torrentInfo(pieces, true);
  assertEquals(info.name, "a_b_.iso");
  for (const form of [renderTorrent, renderMagnet, renderInfoHash]) {
    const answer = form({ program, pieces, info, trackers: [], sources, torrentUrl: null });
    assertEquals(answer.status, 200);
  }
  assertEquals(
    attachment("\ud800.iso")[1],
    `attachment; filename="_.iso"; filename*=UTF-8''%EF%BF%BD.iso`,
  );

  const site = new Site({ disk: { "/d/\udcff": { type: "file", path: "/d/\udcff" } } });
  for (const word of ["meta4", "metalink"]) {
    const response = await site.get(`/d/%FF?${word}`);
    assert([404, 503].includes(response.status), `${response.status}`);
  }
});
