import type { IndexedFile } from "../../catalog/file.ts";
import type { MetalinkWishes } from "../request/metalink_wishes.ts";
import { type Header, VARY_ACCEPT } from "./headers.ts";
import { metalinkHeaders } from "./metalink_headers.ts";

/** What stands on a redirect beside Location and the alternatives. */
export type Extras = readonly Header[];

/** What nearly everyone gets. */
export const NO_EXTRAS: Extras = [];

/** What the further headers of a redirect depend on. */
export interface ExtrasFor {
  /** Of this server; `null`: not known. */
  readonly base: string | null;
  /** What the client wants to be told. */
  readonly wishes: MetalinkWishes;
  /** Words of the query that describe the file, with the content types of what they give. */
  readonly describedBy: readonly (readonly [word: string, type: string])[];
  /** Whether the answer to this URL depends on Accept. */
  readonly vary: boolean;
}

/** Writes the further headers of redirects, once for each file as long as the same is asked for. */
export class RedirectExtras {
  readonly #written = new WeakMap<IndexedFile, { readonly key: string; readonly extras: Extras }>();

  /**
   * @param indexed what is redirected for
   * @param options what the headers depend on
   * @returns the headers: the same array for the same, as long as nothing else is asked for the file
   */
  of(indexed: IndexedFile, { base, wishes, describedBy, vary }: ExtrasFor): Extras {
    const words = describedBy.map(([word]) => word).join();
    const key = `${wishes.digest} ${wishes.reprDigest} ${vary} ${words} ${base}`;
    const written = this.#written.get(indexed);
    if (written?.key === key) return written.extras;
    const headers = metalinkHeaders(base, indexed.file, wishes, describedBy);
    const extras = vary ? [...headers, VARY_ACCEPT] : headers;
    this.#written.set(indexed, { key, extras });
    return extras;
  }
}
