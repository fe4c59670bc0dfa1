import type { IndexedFile } from "../catalog/file.ts";
import type { Route } from "../selection/selector.ts";
import type { Header } from "./headers.ts";
import { type RedirectTexts, redirectTexts } from "./redirect_texts.ts";
import { renderRedirect } from "./render_redirect.ts";

/** Places for responses, a power of two; a response takes some 4 KB. */
const PLACES = 4096;

/** What is known of a route: its number, and its part of the headers. */
interface KnownRoute extends RedirectTexts {
  readonly number: number;
}

/** Where a response may be kept. Another file or route with the same place has to push it out. */
interface Place {
  indexed: IndexedFile;
  route: Route;
  /** `null` until it was asked for a second time. */
  response: Response | null;
  /** Whether it was asked for since another one wanted its place. */
  used: boolean;
}

/**
 * Redirects, kept ready for files that many ask for: a copy of a response costs a fraction of one
 * whose headers have to be written and checked.
 */
export class Redirects {
  readonly #routes = new WeakMap<Route, KnownRoute>();
  readonly #files = new WeakMap<IndexedFile, number>();
  readonly #places = new Array<Place | undefined>(PLACES).fill(undefined);
  #numbers = 0;

  /**
   * Redirects to the first mirror of a route, and names the others in Link headers.
   *
   * @param server the Server header, always the same
   * @param indexed the file
   * @param route the mirrors; one for the first place and one for each Link header
   * @returns a 302 of its own
   */
  to(server: Header, indexed: IndexedFile, route: Route): Response {
    const { path } = indexed.file;
    if (!route.lasting) {
      return renderRedirect(server, path, redirectTexts(route.stops, route.stops.length));
    }
    let known = this.#routes.get(route);
    if (known === undefined) {
      known = { ...redirectTexts(route.stops, route.stops.length), number: this.#next() };
      this.#routes.set(route, known);
    }
    let file = this.#files.get(indexed);
    if (file === undefined) this.#files.set(indexed, file = this.#next());
    const index = (known.number ^ file) & (PLACES - 1);
    const place = this.#places[index];
    if (place === undefined) {
      this.#places[index] = { indexed, route, response: null, used: false };
    } else if (place.indexed === indexed && place.route === route) {
      place.used = true;
      if (place.response !== null) return place.response.clone();
      place.response = renderRedirect(server, path, known);
      return place.response.clone();
    } else if (place.used) {
      place.used = false;
    } else {
      place.indexed = indexed;
      place.route = route;
      place.response = null;
    }
    return renderRedirect(server, path, known);
  }

  /** Numbers that lie apart in every bit (Knuth's multiplicative hashing). */
  #next(): number {
    return Math.imul(++this.#numbers, 0x9e3779b1) >>> 8;
  }
}
