import { type AddressFamily, familyOf } from "../../catalog/families.ts";
import type { GeoRecord } from "../../geo/geo_record.ts";
import { continentNumber, countryNumber } from "../../geo/place_numbers.ts";
import type { GeoResolver } from "../../geoip/resolver.ts";
import type { Forwarding } from "./forwarding.ts";
import type { NetworkTable } from "../../net/network_table.ts";
import { type ClientView, ClientViews, NO_VIEW } from "../../selection/client_view.ts";
import { addressWord } from "../../net/address_word.ts";
import { normaliseAddress } from "../../net/ip_address.ts";
import { ClockMap } from "../../store/cache/clock_map.ts";

/** Who asks. */
export interface Client {
  /** Normalised; `null` when unknown. */
  readonly address: string | null;
  /** Where that is; `null` when no database knows it. */
  readonly place: GeoRecord | null;
  /** The number of its continent, for those who count; 0: nobody knows it. */
  readonly continent: number;
  /** The number of its country, likewise. */
  readonly country: number;
  /** What selection goes by. */
  readonly view: ClientView;
  /** Its public network where it asks for somebody else and is not trusted to; `null`: it does not. */
  readonly forwarder: string | null;
  /** Made of the address, where that takes the place of chance; `null`: it does not. */
  readonly word: number | null;
}

/** A client of which nothing is known: behind a Unix socket, without a forwarding header. */
export const UNKNOWN_CLIENT: Client = {
  address: null,
  place: null,
  continent: 0,
  country: 0,
  view: NO_VIEW,
  forwarder: null,
  word: null,
};

/** Texts that are remembered at most. */
const REMEMBERED = 50_000;

/** Longer texts are not remembered: they hold a whole chain of proxies. */
const LONGEST = 64;

/** Makes clients of what headers and connections say, and remembers those that came lately. */
export class Clients {
  readonly #geo: GeoResolver;
  /** By the header as received. */
  readonly #known = new ClockMap<Client>(REMEMBERED, REMEMBERED);
  /** The header that was read last, for which nothing is looked up: many ask more than once. */
  #lastHeader = "";
  #lastForwarded: Client | null = null;
  /** Likewise the address. */
  #lastAddress = "";
  #lastDirect: Client | null = null;

  readonly #networks: NetworkTable<number>;
  readonly #forwarding: Pick<Forwarding, "header" | "clientOf">;
  /** Stands before addresses where no header may be a mere address. */
  readonly #mark: string;
  readonly #views = new ClientViews();
  readonly #byFamily: boolean;
  readonly #seed: number | null;

  /**
   * @param geo tells where an address is
   * @param networks the mirrors' own, with their IDs
   * @param forwarding reads what proxies say
   * @param byFamily whether it counts of which family an address is
   * @param seed of the words of addresses; `null`, the default: nobody needs them
   */
  constructor(
    geo: GeoResolver,
    networks: NetworkTable<number>,
    forwarding: Pick<Forwarding, "header" | "clientOf">,
    byFamily = false,
    seed: number | null = null,
  ) {
    this.#byFamily = byFamily;
    this.#seed = seed;
    this.#geo = geo;
    this.#networks = networks;
    this.#forwarding = forwarding;
    this.#mark = forwarding.header === "forwarded" ? "=" : "";
  }

  /**
   * @param address in any form
   * @returns `null` when it is no address
   */
  of(address: string): Client | null {
    if (address === this.#lastAddress) return this.#lastDirect;
    const client = this.#find(address);
    this.#lastAddress = address;
    return this.#lastDirect = client;
  }

  #find(address: string): Client | null {
    const normalised = normaliseAddress(address);
    if (normalised === null) return null;
    const key = this.#mark + normalised;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const client = this.#clientOf(normalised, null);
    this.#known.set(key, client, 1);
    return client;
  }

  /** Names what tells where an address is, for people. */
  sourcesOf(address: string): string[] {
    return this.#geo.sourcesOf?.(address) ?? [];
  }

  /**
   * @param header the forwarding header as received, of a peer that may be believed
   * @returns the client that a proxy forwarded for; `null` when the header names none
   */
  forwardedFor(header: string): Client | null {
    if (header === this.#lastHeader) return this.#lastForwarded;
    const client = this.#known.get(header) ?? this.#read(header);
    if (header.length > LONGEST) return client;
    this.#lastHeader = header;
    return this.#lastForwarded = client;
  }

  #read(header: string): Client | null {
    const { address, forwarder } = this.#forwarding.clientOf(header);
    if (address === null) return null;
    const client = this.#clientOf(address, forwarder);
    if (header.length <= LONGEST) this.#known.set(header, client, 1);
    return client;
  }

  /** The same client as if its address were of another family, where that counts. */
  over(family: AddressFamily, client: Client): Client {
    const { place, network } = client.view;
    if (!this.#byFamily || client.view.family === family) return client;
    return { ...client, view: this.#views.of(place, network, family) };
  }

  #clientOf(address: string, forwarder: string | null): Client {
    const place = this.#geo.resolve(address);
    const view = this.#views.of(
      place,
      this.#networks.find(address),
      this.#byFamily ? familyOf(address) : null,
    );
    const word = this.#seed === null ? null : addressWord(address, this.#seed);
    const continent = place === null ? 0 : continentNumber(place.continentCode);
    const country = place === null ? 0 : countryNumber(place.countryCode);
    return { address, place, continent, country, view, forwarder, word };
  }
}
