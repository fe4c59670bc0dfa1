import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { SourceFile } from "../../../lib/catalog/file.ts";
import { FileHasher } from "../../../lib/scan/file_hasher.ts";
import { PieceHasher } from "../../../lib/scan/piece_hasher.ts";
import { hashBacklog } from "../../../lib/scan/piece_backlog.ts";
import { scanSource } from "../../../lib/scan/source_scan.ts";
import { FakeStore } from "../../support/fake_store.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { MIRRORS, Site } from "../fixtures.ts";

/** One byte above the smallest file that gets pieces, and more than is read in one go. */
const SIZE = 1024 * 1024 + 1;
const PATH = "/a.iso";
const HASHES = {
  ...{ sha1: false, sha256: true, md5: false },
  pieces: { minSize: 1, hybrid: true, zsync: true },
};
const { signal } = new AbortController();

/** What a version of the file is known by. */
interface Version {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
  readonly sha1: string;
  /** SHA-1 of the pieces, in hexadecimal. */
  readonly pieces: string;
}

const VERSIONS: readonly Version[] = [0, 1, 2, 3].map((number) => {
  // The last one is of another size.
  const bytes = new Uint8Array(number === 3 ? SIZE + 7 : SIZE).fill(number + 1);
  const hasher = new PieceHasher(bytes.length, false);
  hasher.update(bytes);
  const hex = (name: string): string => createHash(name).update(bytes).digest("hex");
  const pieces = Buffer.from(hasher.finish().sha1).toString("hex");
  return { bytes, sha256: hex("sha256"), sha1: hex("sha1"), pieces };
});

/** What may happen next. */
type Step =
  /** The file is replaced; with the time of before, or a new one. */
  | { readonly do: "replace"; readonly version: number; readonly keepsTime: boolean }
  /** It is read and hashed, and replaced in the middle of that. */
  | { readonly do: "hash"; readonly version: number; readonly keepsTime: boolean }
  | { readonly do: "scan" | "rehash" | "backlog" | "original" | "told" };

const replacement = { version: fc.nat({ max: 3 }), keepsTime: fc.boolean() };
const STEPS: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("replace" as const), ...replacement }),
  fc.record({ do: fc.constant("hash" as const), ...replacement }),
  fc.record({
    do: fc.constantFrom(...(["scan", "rehash", "backlog", "original", "told", "told"] as const)),
  }),
);

/** A repository with one file, its store, and an HTTP thread that is told of changes when told to. */
class World {
  readonly store = new FakeStore();
  readonly #root: string;
  readonly #site: Site;
  #time = 1_700_000_000_000;
  /** The index entry that the HTTP thread remembers. */
  #known: SourceFile | null = null;

  constructor(root: string) {
    this.#root = root;
    this.#site = new Site({
      files: [],
      pieces: this.store.pieces,
      config: { torrents: true, torrentVersion: "hybrid", zsync: true, pieceHashMinSize: 1 },
    });
    this.replace(0, false);
  }

  replace(version: number, keepsTime: boolean): void {
    if (!keepsTime) this.#time += 1000;
    // As programs do it: a new file takes the place of the old one.
    Deno.writeFileSync(`${this.#root}/.new`, VERSIONS[version]!.bytes);
    Deno.utimeSync(`${this.#root}/.new`, new Date(this.#time), new Date(this.#time));
    Deno.renameSync(`${this.#root}/.new`, this.#root + PATH);
  }

  async step(step: Step): Promise<void> {
    const log = new MemoryLog();
    const common = { store: this.store, repository: this.#root, log, signal, hashes: HASHES };
    switch (step.do) {
      case "replace":
        return this.replace(step.version, step.keepsTime);
      case "hash": {
        const size = (await Deno.stat(this.#root + PATH)).size;
        const listed = { path: PATH, size, modTime: this.#time };
        let replaced = false;
        const hashed = new FileHasher(HASHES, null).hash(this.#root + PATH, listed, () => {
          if (replaced) return;
          replaced = true;
          this.replace(step.version, step.keepsTime);
        });
        const { pieces } = await hashed;
        if (pieces !== null) await this.store.putPieces(pieces);
        return;
      }
      case "scan":
      case "rehash": {
        const rehash = step.do === "rehash";
        await scanSource({ ...common, now: () => performance.now(), rehash });
        return;
      }
      case "backlog":
        await hashBacklog(common);
        return;
      case "original":
        return this.#original();
      case "told":
        return this.#tell();
    }
  }

  /** The original scans: it hashes what has another size or time, and knows nothing of pieces. */
  #original(): void {
    const { size, mtime } = Deno.statSync(this.#root + PATH);
    const known = this.store.source.get(PATH);
    const modTime = mtime!.getTime();
    if (known?.size === size && known.modTime === modTime) return;
    const bytes = Deno.readFileSync(this.#root + PATH);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.store.source.set(PATH, { path: PATH, size, modTime, sha256, sha1: "", md5: "" });
  }

  #tell(): void {
    this.#known = this.store.source.get(PATH) ?? null;
    if (this.#known === null) return;
    const { size, modTime } = this.#known;
    const copies = MIRRORS.map(({ id }) => ({ mirrorId: id, size, modTime }));
    this.#site.index({ file: this.#known, copies });
  }

  /** Asks for every document, and looks whether all that it says is of one version. @returns statuses */
  async check(): Promise<number[]> {
    if (this.#known === null) return [];
    const version = VERSIONS.find(({ sha256 }) => sha256 === this.#known!.sha256);
    assert(version !== undefined);
    const ask = async (word: string) => await this.#site.get(`${PATH}?${word}`);
    const responses: Response[] = [];
    for (const word of ["meta4", "metalink"]) {
      const response = await ask(word);
      const xml = await response.text();
      responses.push(response);
      assert(xml.includes(version.sha256));
      const pieces = [...xml.matchAll(/^<hash(?: piece="\d+")?>(\w+)</gm)].map(([, hash]) => hash);
      if (pieces.length > 0) assertEquals(pieces.join(""), version.pieces);
    }
    const torrent = await ask("torrent");
    responses.push(torrent);
    const bytes = Buffer.from(await torrent.bytes());
    if (torrent.status === 200) {
      assertEquals(bytes.includes(Buffer.from(version.pieces, "hex")), true);
    }
    const zsync = await ask("zsync");
    responses.push(zsync);
    const text = Buffer.from(await zsync.bytes()).toString("latin1");
    if (zsync.status === 200) {
      assert(text.includes(`\nSHA-1: ${version.sha1}\n`));
      assert(text.includes(`SHA-256:${version.sha256}\n`));
    }
    return responses.map(({ status }) => status);
  }
}

Deno.test("no document ever tells hashes of two versions of a file, whatever happens when", async () => {
  const statuses = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(STEPS, { maxLength: 14 }), async (steps) => {
      await using directory = await tempDir();
      const world = new World(directory.path);
      for (const step of [{ do: "scan" }, { do: "told" }, ...steps] as const) {
        await world.step(step);
        statuses.add((await world.check()).join(" "));
      }
    }),
    {
      numRuns: 40,
      examples: [[[
        { do: "replace", version: 1, keepsTime: false },
        { do: "original" },
        { do: "told" },
        { do: "backlog" },
        { do: "told" },
      ]]],
    },
  );
  // It was worth looking: documents with everything were among them, and refused ones.
  assert(statuses.has("200 200 200 200"), [...statuses].join("; "));
  assert(statuses.has("200 200 503 503"), [...statuses].join("; "));
});
