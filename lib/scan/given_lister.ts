import type { ListedFile } from "../catalog/file.ts";
import { LineSplitter } from "./line_splitter.ts";
import { type Lister, type Listing, ListingError } from "./lister.ts";
import { quoteLine } from "./quote_line.ts";
import { parseRsyncLine } from "./rsync_line.ts";

/** Files that are handed on at once. */
const BATCH = 4096;

/** Bad lines that are named. */
const NAMED = 10;

/** What rsync says around a listing where it is told to say more. */
const TALK = /^(?:receiving (?:incremental )?file list|sent [\d,.KMGT]+ bytes |total size is )/;

const LINE_FEED = 10;

const decoder = new TextDecoder();

/**
 * A listing that rsync wrote elsewhere, for a mirror that nobody reaches from here. It is read to its end
 * before anything of it counts, and a single line that is none of a listing spoils it.
 */
export class GivenLister implements Lister {
  readonly protocol = "rsync";
  readonly #listing: AsyncIterable<Uint8Array>;

  /** @param listing what rsync wrote, in UTC; it can be read once */
  constructor(listing: AsyncIterable<Uint8Array>) {
    this.#listing = listing;
  }

  list(_url: string, signal: AbortSignal): Listing {
    let lines = 0;
    return {
      files: readListing(this.#listing, signal, () => lines++),
      entries: () => lines,
      precision: () => 1000,
      warnings: () => [],
    };
  }
}

/** @throws {ListingError} at the end, which names lines that are none of a listing */
async function* readListing(
  listing: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  count: () => void,
): AsyncGenerator<readonly ListedFile[]> {
  let number = 0;
  let files = 0;
  let wrong = 0;
  const named: string[] = [];
  let batch: ListedFile[] = [];
  const take = (reason: string): void => {
    if (wrong++ < NAMED) named.push(`line ${number}: ${reason}`);
  };
  const lines = new LineSplitter((bytes) => {
    number++;
    count();
    const line = parseRsyncLine(withoutReturn(bytes));
    if (line.type === "file") {
      batch.push(line.file);
      files++;
    } else if (line.type === "bad") {
      const text = decoder.decode(bytes);
      if (!TALK.test(text)) take(`${line.reason}: ${quoteLine(text)}`);
    }
  }, () => {
    number++;
    take("It is too long");
  });
  let last: number | undefined;
  for await (const chunk of listing) {
    signal.throwIfAborted();
    lines.push(chunk);
    last = chunk.at(-1) ?? last;
    if (wrong > 0) batch = [];
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  lines.end();
  signal.throwIfAborted();
  if (wrong > 0) {
    const more = wrong > NAMED ? `; and ${wrong - NAMED} more` : "";
    throw new ListingError(
      `The listing has ${wrong === 1 ? "a line" : `${wrong} lines`} that rsync did not write: ${
        named.join("; ")
      }${more}`,
    );
  }
  if (last !== undefined && last !== LINE_FEED) {
    throw new ListingError("The listing ends in the middle of a line: it is not whole");
  }
  if (files === 0) throw new ListingError("The listing has no files");
  if (batch.length > 0) yield batch;
}

/** A file that was written elsewhere may end its lines with a carriage return, too. */
function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}
