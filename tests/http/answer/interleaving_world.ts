import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import fc from "fast-check";
import type { SourceFile } from "../../../lib/catalog/file.ts";
import type { PieceRecord } from "../../../lib/catalog/zsync_sums.ts";
import { FileHasher } from "../../../lib/scan/file_hasher.ts";
import { PieceHasher } from "../../../lib/scan/piece_hasher.ts";
import { type BacklogOptions, hashBacklog } from "../../../lib/scan/piece_backlog.ts";
import { scanSource } from "../../../lib/scan/source_scan.ts";
import { torrentInfo } from "../../../lib/http/render/torrent_info.ts";
import { ZsyncHasher } from "../../../lib/scan/zsync_hasher.ts";
import { MemoryLog } from "../../support/memory_log.ts";
import { MIRRORS, Site } from "../fixtures.ts";
import type { SourceScanOptions } from "../../../lib/scan/source_scan_options.ts";

/** One byte above the smallest file that gets pieces, and more than is read in one go. */
const SIZE = 1024 * 1024 + 1;
/** The file. */
export const PATH = "/a.iso";
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
  /** Of the hybrid torrent. */
  readonly btih: string;
  /** What a control file of zsync has after its text. */
  readonly sums: Uint8Array;
}

const VERSIONS: readonly Version[] = [0, 1, 2, 3].map((number) => {
  // The last one is of another size.
  const bytes = new Uint8Array(number === 3 ? SIZE + 7 : SIZE).fill(number + 1);
  const [hasher, zsync] = [new PieceHasher(bytes.length, true), new ZsyncHasher(bytes.length)];
  hasher.update(bytes);
  zsync.update(bytes);
  const hex = (name: string): string => createHash(name).update(bytes).digest("hex");
  const hashes = hasher.finish();
  const stamp = { path: PATH, size: bytes.length, modTime: 0, sha256: "" };
  return {
    bytes,
    sha256: hex("sha256"),
    sha1: hex("sha1"),
    pieces: Buffer.from(hashes.sha1).toString("hex"),
    btih: torrentInfo({ ...stamp, ...hashes }, true).btih,
    sums: zsync.finish().sums,
  };
});

/** What may happen next. */
export type Step =
  /** The file is replaced; with the time of before, or a new one. */
  | { readonly do: "replace"; readonly version: number; readonly keepsTime: boolean }
  /** It is read and hashed, and replaced in the middle of that. */
  | { readonly do: "hash"; readonly version: number; readonly keepsTime: boolean }
  /** A client begins a download that it goes on with later: of a control file, which is streamed. */
  | { readonly do: "download" }
  | { readonly do: "scan" | "rehash" | "backlog" | "original" | "told" | "finish" };

const replacement = { version: fc.nat({ max: 3 }), keepsTime: fc.boolean() };
/** Any of them. */
export const STEPS: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("replace" as const), ...replacement }),
  fc.record({ do: fc.constant("hash" as const), ...replacement }),
  fc.record({
    do: fc.constantFrom(
      ...(["scan", "rehash", "backlog", "original", "original", "told", "told"] as const),
      ...(["download", "download", "finish"] as const),
    ),
  }),
);

/** Where the index is, and who else writes it. */
export interface Shared {
  readonly store: SourceScanOptions["store"] & BacklogOptions["store"];
  /** Lets the original scan the repository. */
  readonly original: () => Promise<void>;
  /** What is stored of the pieces of a file. */
  readonly record: (path: string) => Promise<PieceRecord | null>;
}

/** A control file that is being downloaded. */
interface Download {
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly version: Version;
}

/** A repository with one file, its index, and an HTTP thread that is told of changes when told to. */
export class World implements AsyncDisposable {
  readonly #root: string;
  readonly #shared: Shared;
  readonly #site: Site;
  /** What the HTTP thread finds in the store. */
  readonly #pieces = new Map<string, PieceRecord>();
  #time: number;
  /** The index entry that the HTTP thread remembers. */
  #known: SourceFile | null = null;
  readonly #downloads: Download[] = [];

  /**
   * @param root the repository
   * @param shared the index
   * @param time of the file, in milliseconds since the epoch
   */
  constructor(root: string, shared: Shared, time = 1_700_000_000_000) {
    this.#root = root;
    this.#shared = shared;
    this.#time = time;
    this.#site = new Site({
      files: [],
      pieces: this.#pieces,
      config: {
        ...{ torrents: true, torrentVersion: "hybrid", zsync: true, pieceHashMinSize: 1 },
        publicUrl: "https://dl.example.org/",
      },
    });
    this.#replace(0, false);
  }

  /** The time of the file. */
  get time(): number {
    return this.#time;
  }

  #replace(version: number, keepsTime: boolean): void {
    if (!keepsTime) this.#time += 1000;
    // As programs do it: a new file takes the place of the old one.
    Deno.writeFileSync(`${this.#root}/.new`, VERSIONS[version]!.bytes);
    Deno.utimeSync(`${this.#root}/.new`, new Date(this.#time), new Date(this.#time));
    Deno.renameSync(`${this.#root}/.new`, this.#root + PATH);
  }

  /** Lets something happen. */
  async step(step: Step): Promise<void> {
    const { store } = this.#shared;
    const common = {
      ...{ store, repository: this.#root, log: new MemoryLog(), signal, hashes: HASHES },
    };
    switch (step.do) {
      case "replace":
        this.#replace(step.version, step.keepsTime);
        break;
      case "hash":
        await this.#hash(step);
        break;
      case "scan":
      case "rehash":
        await scanSource({
          ...{ ...common, now: () => performance.now(), rehash: step.do === "rehash" },
        });
        break;
      case "backlog":
        await hashBacklog(common);
        break;
      case "original":
        await this.#shared.original();
        break;
      case "told":
        await this.#tell();
        break;
      case "download":
        await this.#begin();
        break;
      case "finish":
        await this.#finish();
    }
    const record = await this.#shared.record(PATH);
    if (record === null) this.#pieces.delete(PATH);
    else this.#pieces.set(PATH, record);
  }

  async #hash({ version, keepsTime }: Extract<Step, { readonly do: "hash" }>): Promise<void> {
    const { size } = await Deno.stat(this.#root + PATH);
    const listed = { path: PATH, size, modTime: this.#time };
    let replaced = false;
    const hashed = new FileHasher(HASHES, null).hash(this.#root + PATH, listed, () => {
      if (replaced) return;
      replaced = true;
      this.#replace(version, keepsTime);
    });
    const { pieces } = await hashed;
    if (pieces !== null) await this.#shared.store.putPieces(pieces);
  }

  async #tell(): Promise<void> {
    this.#known = (await this.#shared.store.lookup(PATH))?.file ?? null;
    if (this.#known === null) return;
    const { size, modTime } = this.#known;
    const copies = MIRRORS.map(({ id }) => ({ mirrorId: id, size, modTime }));
    this.#site.index({ file: this.#known, copies });
  }

  /** The version that the index says the file is. */
  #version(): Version {
    const version = VERSIONS.find(({ sha256 }) => sha256 === this.#known!.sha256);
    assert(version !== undefined, "the index has a hash of no version");
    return version;
  }

  async #begin(): Promise<void> {
    if (this.#known === null) return;
    const response = await this.#site.get(`${PATH}?zsync`);
    if (response.status !== 200) return void await response.body?.cancel();
    const reader = response.body!.getReader();
    // The text has been sent, the sums are read when they are asked for.
    const { value } = await reader.read();
    const version = this.#version();
    assert(Buffer.from(value!).toString().includes(`\nSHA-1: ${version.sha1}\n`));
    this.#downloads.push({ reader, version });
  }

  /** Goes on with all downloads: each is whole and of its version, or cut. @returns how they ended */
  async #finish(): Promise<void> {
    for (const { reader, version } of this.#downloads.splice(0)) {
      const { value, done } = await reader.read();
      // It was promised more: the runtime ends the connection.
      if (done) {
        this.ends.add("cut");
        continue;
      }
      assertEquals(Buffer.from(value).equals(version.sums), true);
      assertEquals((await reader.read()).done, true);
      this.ends.add("whole");
    }
  }

  /** How downloads ended. */
  readonly ends = new Set<"whole" | "cut">();

  /** Asks for every document, and looks whether all that it says is of one version. @returns statuses */
  async check(): Promise<number[]> {
    if (this.#known === null) return [];
    const version = this.#version();
    const ask = async (word: string) => await this.#site.get(`${PATH}?${word}`);
    const statuses: number[] = [];
    for (const word of ["meta4", "metalink"]) {
      const response = await ask(word);
      const xml = await response.text();
      statuses.push(response.status);
      assert(xml.includes(version.sha256));
      const pieces = [...xml.matchAll(/^<hash(?: piece="\d+")?>(\w+)</gm)].map(([, hash]) => hash);
      if (pieces.length > 0) assertEquals(pieces.join(""), version.pieces);
    }
    const torrent = await ask("torrent");
    const bytes = Buffer.from(await torrent.bytes());
    statuses.push(torrent.status);
    if (torrent.status === 200) {
      assertEquals(bytes.includes(Buffer.from(version.pieces, "hex")), true);
    }
    for (const word of ["magnet", "btih"]) {
      const response = await ask(word);
      assertEquals(response.status, torrent.status);
      const text = await response.text();
      if (response.status === 200) assert(text.includes(version.btih));
    }
    const zsync = await ask("zsync");
    const all = Buffer.from(await zsync.bytes());
    const text = all.toString("latin1");
    statuses.push(zsync.status);
    if (zsync.status === 200) {
      assert(text.includes(`\nSHA-1: ${version.sha1}\n`));
      assert(text.includes(`SHA-256:${version.sha256}\n`));
      assertEquals(all.subarray(-version.sums.length).equals(version.sums), true);
    }
    const { headers } = await this.#site.get(PATH, { headers: { "Want-Digest": "SHA-256" } });
    const digest = Buffer.from(version.sha256, "hex").toString("base64");
    assertEquals(headers.get("Digest"), `SHA-256=${digest}`);
    return statuses;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { reader } of this.#downloads) await reader.cancel();
  }
}
