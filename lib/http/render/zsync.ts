import type { SourceFile } from "../../catalog/file.ts";
import { type ZsyncHead, zsyncLength } from "../../catalog/zsync_sums.ts";
import { formatHttpDate } from "../request/date.ts";
import type { FileSource } from "../request/list_sources.ts";
import type { Answer, Body } from "./answer.ts";
import { documentName } from "./document_name.ts";
import { attachment, NO_SNIFF, NOT_CACHED, safeHeader } from "./headers.ts";

/** Bytes from which on a file gets longer rolling sums, as zsync 0.7 has it. */
const LARGE = 400_000_000;

/** What a control file for zsync says. */
export interface ZsyncFacts {
  /** As in the index; its name has no control characters. */
  readonly file: SourceFile;
  /** Of this very version of the file. */
  readonly head: ZsyncHead;
  /** Best first; zsync takes them in any order. */
  readonly sources: readonly FileSource[];
  /** Gives the sums, which come after the text. */
  readonly sums: () => AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * Answers with a control file of zsync 0.6, with the two lines that 0.7 prefers: whatever else would
 * stand there makes a client stop. It is streamed: the sums may be some MiB.
 *
 * @param facts what it says
 * @returns a 200 whose length is known
 */
export function renderZsync({ file, head, sources, sums }: ZsyncFacts): Answer {
  const text = new TextEncoder().encode(headerLines(file, head, sources));
  return {
    status: 200,
    headers: [
      // Nobody on the way may compress it: zsync 0.6 cannot unpack.
      ["Cache-Control", `${NOT_CACHED[1]}, no-transform`],
      ["Content-Type", "application/x-zsync"],
      attachment(`${documentName(file.path)}.zsync`),
      NO_SNIFF,
      ["Last-Modified", formatHttpDate(head.modTime)],
      ["Content-Length", `${text.length + zsyncLength(head)}`],
    ],
    body: streamOf(text, sums),
    tagged: false,
    compressible: false,
  };
}

function headerLines(
  file: SourceFile,
  { size, modTime, block, sha1, sha256 }: ZsyncHead,
  sources: readonly FileSource[],
): string {
  const lines = [
    "zsync: 0.6.2",
    `Filename: ${documentName(file.path)}`,
    // Both versions of the program take the number of the zone, and not its name.
    `MTime: ${formatHttpDate(modTime).replace("GMT", "+0000")}`,
    `Blocksize: ${block}`,
    `Length: ${size}`,
    `Hash-Lengths: ${size > LARGE ? 2 : 1},4,16`,
    ...sources.map(({ url }) => `URL: ${safeHeader(url)}`),
    `SHA-1: ${sha1}`,
  ];
  const best = sha256 === "" ? file.sha256 : sha256;
  // The name of the next line, for clients that do not know it; the last hash counts.
  if (best !== "") lines.push("Safe: File-Hash", `File-Hash: SHA-256:${best}`);
  return `${lines.join("\n")}\n\n`;
}

/** Nothing is read before somebody asks for it, and no more than is asked for. */
function streamOf(
  text: Uint8Array<ArrayBuffer>,
  sums: ZsyncFacts["sums"],
): Extract<Body, ReadableStream> {
  let parts: AsyncIterator<Uint8Array<ArrayBuffer>> | null = null;
  return new ReadableStream({
    async pull(controller) {
      if (parts === null) {
        parts = sums()[Symbol.asyncIterator]();
        return controller.enqueue(text);
      }
      try {
        const { value, done } = await parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch {
        // The runtime misses the rest and ends the connection; of an error it would print a stack.
        controller.close();
      }
    },
    async cancel() {
      await parts?.return?.();
    },
  }, { highWaterMark: 0 });
}
