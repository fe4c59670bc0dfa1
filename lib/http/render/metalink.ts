import { Buffer } from "node:buffer";
import type { SourceFile } from "../../catalog/file.ts";
import type { FileRevision } from "../../catalog/file_revision.ts";
import type { PieceHashes } from "../../catalog/piece_hashes.ts";
import type { HttpConfig } from "../request/config.ts";
import type { FileSource } from "../request/list_sources.ts";
import type { Answer } from "./answer.ts";
import { documentName } from "./document_name.ts";
import { attachment, NO_SNIFF, NOT_CACHED } from "./headers.ts";

/** What a metalink says. */
export interface MetalinkFacts {
  /** Name and version of the program: `Mirrorbits/1.2.3`. */
  readonly program: string;
  /** The document's own URL; `null`: not known. */
  readonly origin: string | null;
  readonly publisher: HttpConfig["metalinkPublisher"];
  readonly file: SourceFile;
  /** Of this very version of the file; `null`: not known. */
  readonly pieces: PieceHashes | null;
  /** Former versions that clients may be given as well, newest first. */
  readonly revisions: readonly FileRevision[];
  /** Best first. */
  readonly sources: readonly FileSource[];
}

/** Pieces that a document lists at most. */
const MOST_PIECES = 16_384;

/** A way to write the hashes of pieces, which takes more time than all the rest. */
export class PieceLines {
  readonly #write: (hashes: readonly string[], length: number) => readonly string[];
  readonly #written = new WeakMap<PieceHashes, readonly string[]>();

  /** @param write writes SHA-1 of the pieces, in hexadecimal, as lines; `length` is that of a piece */
  constructor(write: (hashes: readonly string[], length: number) => readonly string[]) {
    this.#write = write;
  }

  /**
   * Writes them, once for as long as somebody keeps the hashes.
   *
   * @param pieces `null`: not known
   * @returns lines of the document; none when there are too many pieces
   */
  of(pieces: PieceHashes | null): readonly string[] {
    if (pieces === null || pieces.sha1.length > 20 * MOST_PIECES) return [];
    let lines = this.#written.get(pieces);
    if (lines === undefined) {
      const hashes = Buffer.from(pieces.sha1).toString("hex").match(/.{40}/g) ?? [];
      // As one text: what many parts were joined from is kept in parts.
      lines = [Buffer.from(this.#write(hashes, pieces.length).join("\n")).toString("latin1")];
      this.#written.set(pieces, lines);
    }
    return lines;
  }
}

/** A way to write a metalink. */
export interface MetalinkForm {
  /** Without parameters. */
  readonly type: string;
  /** Ending of the document's name, without the dot. */
  readonly ending: string;
  /** Writes the document. */
  write(facts: MetalinkFacts): string;
}

/**
 * Answers with a metalink. It has no validators: the mirrors change while the file does not.
 *
 * @param form which version
 * @param facts what it says
 * @returns a 200
 */
export function renderMetalink(form: MetalinkForm, facts: MetalinkFacts): Answer {
  return {
    status: 200,
    headers: [
      NOT_CACHED,
      ["Content-Type", `${form.type}; charset=utf-8`],
      attachment(`${documentName(facts.file.path)}.${form.ending}`),
      NO_SNIFF,
    ],
    body: form.write(facts),
    tagged: false,
    compressible: true,
  };
}
