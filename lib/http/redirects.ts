import type { IndexedFile } from "../catalog/file.ts";
import type { Route } from "../selection/selector.ts";
import type { Header } from "./headers.ts";
import { renderRedirect } from "./render_redirect.ts";

/** Responses that are kept at most, of some 2 KB each. */
const KEPT = 8192;

/** How many of the last files on a route are looked at to tell what is asked for again and again. */
const RECENT = 8;

/** What is kept of one route. */
interface KeptRoute {
  readonly responses: Map<IndexedFile, Response>;
  /** The files that were asked for last and are not kept, in no order. */
  readonly recent: (IndexedFile | undefined)[];
  next: number;
}

/**
 * Redirects, kept ready for files that many ask for: a copy of a response costs a fraction of one
 * whose headers have to be written and checked.
 */
export class Redirects {
  #routes = new WeakMap<Route, KeptRoute>();
  #kept = 0;

  /**
   * Redirects to the first mirror of a route, and names the others in Link headers.
   *
   * @param server the Server header
   * @param indexed the file
   * @param route the mirrors; one for the first place and one for each Link header
   * @returns a 302 of its own
   */
  to(server: Header, indexed: IndexedFile, route: Route): Response {
    const kept = this.#routes.get(route);
    const ready = kept?.responses.get(indexed);
    if (ready !== undefined) return ready.clone();
    const { stops } = route;
    const response = renderRedirect(server, indexed.file.path, stops, stops.length - 1);
    if (route.lasting) this.#keep(indexed, route, kept, response);
    return response;
  }

  #keep(
    indexed: IndexedFile,
    route: Route,
    kept: KeptRoute | undefined,
    response: Response,
  ): void {
    if (kept === undefined) {
      const recent = new Array<IndexedFile | undefined>(RECENT).fill(undefined);
      recent[0] = indexed;
      this.#routes.set(route, { responses: new Map(), recent, next: 1 });
      return;
    }
    if (!kept.recent.includes(indexed)) {
      kept.recent[kept.next] = indexed;
      kept.next = (kept.next + 1) % RECENT;
      return;
    }
    if (++this.#kept > KEPT) {
      this.#routes = new WeakMap();
      this.#kept = 0;
      return;
    }
    kept.responses.set(indexed, response.clone());
  }
}
