import type { AddressFamily } from "../catalog/families.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { NetworkNode } from "../net/network_table.ts";

/** What selection goes by of a client. Clients who look alike share one object, which never changes. */
export interface ClientView {
  /** Where it is; `null`: in no database. One that is not located may still have an AS. */
  readonly place: GeoRecord | null;
  /** The narrowest network of the mirrors' that it lies in, with mirror IDs; `null`: none. */
  readonly network: NetworkNode<number> | null;
  /** Family of its address, where that counts; `null`: it does not, or nobody knows. */
  readonly family: AddressFamily | null;
}

/** A client of whom nothing is known. */
export const NO_VIEW: ClientView = { place: null, network: null, family: null };

/** Stands for a place that is not known. */
const NOWHERE = {};

/** Makes views, the same object for the same facts. */
export class ClientViews {
  readonly #known = new WeakMap<object, ClientView[]>();

  /**
   * Gives the view of a client.
   *
   * @param place where the client is; an object that is the same for the same place
   * @param network what the mirrors' networks say of its address
   * @param family of its address, where that counts
   * @returns the same object for the same three
   */
  of(
    place: GeoRecord | null,
    network: NetworkNode<number> | null,
    family: AddressFamily | null = null,
  ): ClientView {
    if (place === null && network === null && family === null) return NO_VIEW;
    let views = this.#known.get(place ?? NOWHERE);
    if (views === undefined) this.#known.set(place ?? NOWHERE, views = []);
    let view = views.find((one) => one.network === network && one.family === family);
    if (view === undefined) views.push(view = { place, network, family });
    return view;
  }
}
