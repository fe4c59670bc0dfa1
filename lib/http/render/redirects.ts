import { encodePath } from "../../catalog/encode_path.ts";
import type { IndexedFile } from "../../catalog/file.ts";
import type { Stop } from "../../selection/stop.ts";
import { type Extras, NO_EXTRAS } from "./redirect_extras.ts";
import { type RedirectTexts, redirectTexts } from "./redirect_texts.ts";
import { namingHeaders, REDIRECT_HEADERS } from "./redirect.ts";
import { ResponseBeginning } from "./respond.ts";

/** Places for responses, a power of two; a response takes some 2 KB. */
const PLACES = 2048;

/** What is known of a file. */
interface KnownFile {
  /** Tells files apart, most of the time. */
  readonly number: number;
  /** Its path as URLs have it, without the leading slash. */
  readonly below: string;
}

/** A response that is kept. */
interface Kept {
  readonly indexed: IndexedFile;
  readonly stops: readonly Stop[];
  readonly extras: Extras;
  readonly response: Response;
  /** Whether it was asked for since another one wanted its place. */
  used: boolean;
}

/**
 * Redirects, kept ready for files that many ask for: a response without a body can be sent any number
 * of times, and to send one again costs half of what it takes to write and check its headers.
 */
export class Redirects {
  /** By the numbers of the stops; those of another selector take the places of the ones before. */
  readonly #texts: { readonly stop: Stop; readonly texts: RedirectTexts }[] = [];
  readonly #files = new WeakMap<IndexedFile, KnownFile>();
  readonly #kept = new Array<Kept | undefined>(PLACES).fill(undefined);
  /** What was asked for last at each place and is not kept: to be kept it has to be asked for again. */
  readonly #asked = new Int32Array(PLACES);
  readonly #beginning: ResponseBeginning;
  #numbers = 0;

  /** @param program its name and version: `Mirrorbits/1.2.3` */
  constructor(program: string) {
    this.#beginning = new ResponseBeginning(program, { status: 302, headers: REDIRECT_HEADERS });
  }

  /**
   * Redirects to the first of some mirrors, and names the others in Link headers.
   *
   * @param indexed the file
   * @param stops at least one
   * @param extras further headers; a response is kept for one array of them, not for what it holds
   * @returns a 302, perhaps one that was returned before: it must not be changed
   */
  to(indexed: IndexedFile, stops: readonly Stop[], extras: Extras = NO_EXTRAS): Response {
    let file = this.#files.get(indexed);
    if (file === undefined) this.#files.set(indexed, file = this.#know(indexed));
    const hash = hashOf(file.number + extras.length, stops);
    // The upper bits are the better ones.
    const index = hash >>> 8 & PLACES - 1;
    const kept = this.#kept[index];
    if (
      kept !== undefined && kept.indexed === indexed && kept.extras === extras &&
      sameStops(kept.stops, stops)
    ) {
      kept.used = true;
      return kept.response;
    }
    const response = this.#render(file, stops, extras);
    if (this.#asked[index] !== hash) {
      this.#asked[index] = hash;
    } else if (kept?.used) {
      kept.used = false;
    } else {
      this.#kept[index] = { indexed, stops, extras, response, used: false };
    }
    return response;
  }

  #know({ file }: IndexedFile): KnownFile {
    return { number: ++this.#numbers, below: encodePath(file.path).slice(1) };
  }

  #render({ below }: KnownFile, stops: readonly Stop[], extras: Extras): Response {
    const texts: RedirectTexts[] = [];
    for (let i = 0; i < stops.length; i++) texts.push(this.#textsOf(stops[i]!));
    return this.#beginning.with(namingHeaders(below, texts, extras));
  }

  #textsOf(stop: Stop): RedirectTexts {
    const written = this.#texts[stop.number];
    if (written?.stop === stop) return written.texts;
    const texts = redirectTexts(stop);
    this.#texts[stop.number] = { stop, texts };
    return texts;
  }
}

/** Knuth's multiplicative hashing: every bit has its say in the upper ones. */
function hashOf(fileNumber: number, stops: readonly Stop[]): number {
  let hash = fileNumber;
  for (let i = 0; i < stops.length; i++) hash = Math.imul(hash, 31) + stops[i]!.number | 0;
  return Math.imul(hash, 0x9e3779b1);
}

function sameStops(one: readonly Stop[], other: readonly Stop[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
