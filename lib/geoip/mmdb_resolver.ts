import { parseAddress } from "../net/address_range.ts";
import { creditOf, type GeoCredit } from "../geo/geo_credit.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { geoRecord } from "./geo_entry.ts";
import type { GeoEntry, MmdbDatabase } from "./mmdb_database.ts";
import type { GeoResolver } from "./resolver.ts";

/** Stands for an entry that there is not. */
const NOTHING: GeoEntry = {};

/** A database and the name that it has in messages. */
export interface NamedDatabase {
  /** Such as the path of its file. */
  readonly name: string;
  /** The database itself. */
  readonly database: MmdbDatabase;
}

/** Resolves addresses from MaxMind DB files in memory. */
export class MmdbResolver implements GeoResolver {
  /** See {@linkcode GeoResolver.credit}. */
  readonly credit: GeoCredit | null;
  /** Entry about the place → entry about the network → record. */
  readonly #records = new WeakMap<GeoEntry, WeakMap<GeoEntry, GeoRecord | null>>();
  readonly #reported = new Set<NamedDatabase>();

  readonly #place: NamedDatabase | null;
  readonly #network: NamedDatabase | null;
  readonly #log: Pick<Log, "error">;

  /**
   * Makes a resolver; either database may be missing.
   *
   * @param place city or country database
   * @param network AS database
   * @param log told once of each database whose entries turn out to be broken
   */
  constructor(place: NamedDatabase | null, network: NamedDatabase | null, log: Pick<Log, "error">) {
    this.#place = place;
    this.#network = network;
    this.#log = log;
    this.credit = [place, network].map((named) => named && creditOf(named.database.type))
      .find((credit) => credit !== null) ?? null;
  }

  /** See {@linkcode GeoResolver.resolve}; addresses of one network get the same object. */
  resolve(address: string): GeoRecord | null {
    const bytes = parseAddress(address);
    if (!bytes) return null;
    // Not every database has IPv4 under ::ffff:0:0/96 too.
    const asked = bytes.length === 4 ? bytes.join(".") : withoutZone(address);
    return this.#recordOf(this.#lookUp(this.#place, asked), this.#lookUp(this.#network, asked));
  }

  /** See {@linkcode GeoResolver.sourcesOf}. */
  sourcesOf(address: string): string[] {
    const bytes = parseAddress(address);
    if (!bytes) return [];
    const asked = bytes.length === 4 ? bytes.join(".") : withoutZone(address);
    return [this.#place, this.#network].flatMap((named) =>
      named !== null && this.#lookUp(named, asked) !== null ? [named.name] : []
    );
  }

  /** Addresses with the same entries share one record. */
  #recordOf(place: GeoEntry | null, network: GeoEntry | null): GeoRecord | null {
    if (!place && !network) return null;
    let records = this.#records.get(place ?? NOTHING);
    if (!records) this.#records.set(place ?? NOTHING, records = new WeakMap());
    let record = records.get(network ?? NOTHING);
    if (record === undefined) {
      record = geoRecord(place, network);
      records.set(network ?? NOTHING, record);
    }
    return record;
  }

  #lookUp(named: NamedDatabase | null, address: string): GeoEntry | null {
    if (!named) return null;
    try {
      return named.database.lookUp(address);
    } catch (error) {
      if (!this.#reported.has(named)) {
        this.#reported.add(named);
        const reason = messageOf(error);
        this.#log.error(
          `GeoIP database "${named.name}" is broken: ${reason}; ` +
            "addresses in its broken parts count as unknown until a good copy is in its place",
        );
      }
      return null;
    }
  }
}

function withoutZone(address: string): string {
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}
