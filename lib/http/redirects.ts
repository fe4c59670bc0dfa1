import { encodePath } from "../catalog/encode_path.ts";
import type { IndexedFile } from "../catalog/file.ts";
import type { Stop } from "../selection/selector.ts";
import type { Header } from "./headers.ts";
import { type RedirectTexts, redirectTexts } from "./redirect_texts.ts";
import { renderRedirect } from "./render_redirect.ts";

/** Places for responses, a power of two; a response takes some 2 KB. */
const PLACES = 4096;

/** What is known of a file. */
interface KnownFile {
  /** Tells files apart, most of the time. */
  readonly number: number;
  /** Its path as URLs have it, without the leading slash. */
  readonly below: string;
}

/** Where a response may be kept. Another file or another order of mirrors has to push it out. */
interface Place {
  indexed: IndexedFile;
  stops: readonly Stop[];
  /** `null` until it was asked for a second time. */
  response: Response | null;
  /** Whether it was asked for since another one wanted its place. */
  used: boolean;
}

/**
 * Redirects, kept ready for files that many ask for: a response without a body can be sent any number
 * of times, and to send one again costs half of what it takes to write and check its headers.
 */
export class Redirects {
  readonly #texts = new WeakMap<Stop, RedirectTexts>();
  readonly #files = new WeakMap<IndexedFile, KnownFile>();
  readonly #places = new Array<Place | undefined>(PLACES).fill(undefined);
  #numbers = 0;

  /**
   * Redirects to the first of some mirrors, and names the others in Link headers.
   *
   * @param server the Server header, always the same
   * @param indexed the file
   * @param stops at least one
   * @returns a 302, perhaps one that was returned before: it must not be changed
   */
  to(server: Header, indexed: IndexedFile, stops: readonly Stop[]): Response {
    let file = this.#files.get(indexed);
    if (file === undefined) this.#files.set(indexed, file = this.#know(indexed));
    const index = indexOf(file.number, stops);
    const place = this.#places[index];
    if (place === undefined) {
      this.#places[index] = { indexed, stops, response: null, used: false };
    } else if (place.indexed === indexed && sameStops(place.stops, stops)) {
      place.used = true;
      return place.response ??= this.#render(server, file, stops);
    } else if (place.used) {
      place.used = false;
    } else {
      place.indexed = indexed;
      place.stops = stops;
      place.response = null;
    }
    return this.#render(server, file, stops);
  }

  #know({ file }: IndexedFile): KnownFile {
    return { number: ++this.#numbers, below: encodePath(file.path).slice(1) };
  }

  #render(server: Header, { below }: KnownFile, stops: readonly Stop[]): Response {
    const texts: RedirectTexts[] = [];
    for (let i = 0; i < stops.length; i++) texts.push(this.#textsOf(stops[i]!));
    return renderRedirect(server, below, texts);
  }

  #textsOf(stop: Stop): RedirectTexts {
    let texts = this.#texts.get(stop);
    if (texts === undefined) this.#texts.set(stop, texts = redirectTexts(stop));
    return texts;
  }
}

function indexOf(fileNumber: number, stops: readonly Stop[]): number {
  let hash = fileNumber;
  for (let i = 0; i < stops.length; i++) hash = Math.imul(hash, 31) + stops[i]!.number | 0;
  // Knuth's multiplicative hashing: every bit has its say in the upper ones.
  return Math.imul(hash, 0x9e3779b1) >>> 8 & PLACES - 1;
}

function sameStops(one: readonly Stop[], other: readonly Stop[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
