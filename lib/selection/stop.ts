import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { MirrorOffer, PreparedMirror } from "./prepared_mirror.ts";
import type { TlsChoice } from "./selection.ts";

/** A mirror and the URL that an answer names it by: always the same object for the same two. */
export interface Stop {
  /** Tells the stops of one selector apart. */
  readonly number: number;
  readonly mirror: MirrorRecord;
  /** Base URL with the scheme to use and a trailing slash. */
  readonly url: string;
}

/** The stops of one selector. */
export class Stops {
  readonly #stops = new Map<MirrorOffer, Stop>();

  /** The stop of a mirror, by the scheme that the answer may use. */
  of({ record, offers }: PreparedMirror, tls: TlsChoice): Stop {
    const offer = offers[tls];
    let stop = this.#stops.get(offer);
    if (stop === undefined) {
      stop = { number: this.#stops.size, mirror: record, url: offer.url };
      this.#stops.set(offer, stop);
    }
    return stop;
  }
}
