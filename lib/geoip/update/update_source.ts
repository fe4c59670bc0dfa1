import { Buffer } from "node:buffer";
import type { Config } from "../../config/config.ts";
import type { DatabaseRole } from "../database_names.ts";
import { shownUrl } from "./shown_url.ts";

/** What says where databases are fetched from. */
export type UpdateConfig = Pick<Config, "geoipUpdate" | "geoipAccountId" | "geoipLicenseKey">;

/** One database to fetch. */
export interface UpdateEdition {
  /** What it is for; `null`: what it is when it came says that. */
  readonly role: DatabaseRole | null;
  /** Where it is, the newest first: one that is not there yet answers 404. May hold secrets. */
  readonly urls: readonly string[];
  /** Where the SHA-256 of what is at `urls[0]` stands; `null`: nowhere. */
  readonly checksum: string | null;
}

/** Where databases are fetched from. */
export interface UpdateSource {
  /** For people, without secrets. */
  readonly name: string;
  readonly editions: readonly UpdateEdition[];
  /** Value of the Authorization header, for the first host alone; `null`: none. */
  readonly authorization: string | null;
}

const MAXMIND = "https://download.maxmind.com/geoip/databases";

/** What `{edition}` stands for, and `{Edition}`. */
const EDITIONS = [["city", "City", "place"], ["asn", "ASN", "network"]] as const;

/**
 * Tells where databases are fetched from.
 *
 * @param config what the operator wants
 * @param now milliseconds since the epoch; the month counts, in UTC
 * @returns `null`: nowhere
 */
export function updateSource(config: UpdateConfig, now: number): UpdateSource | null {
  const { geoipUpdate: from } = config;
  if (from === "off") return null;
  const months = [monthOf(now, 0), monthOf(now, -1)];
  if (from === "dbip") {
    return {
      name: "DB-IP",
      editions: EDITIONS.map(([edition, , role]) => ({
        role,
        urls: months.map((month) =>
          `https://download.db-ip.com/free/dbip-${edition}-lite-${month}.mmdb.gz`
        ),
        checksum: null,
      })),
      authorization: null,
    };
  }
  if (from === "maxmind") {
    const { geoipAccountId, geoipLicenseKey } = config;
    return {
      name: "MaxMind",
      editions: EDITIONS.map(([, edition, role]) => {
        const url = `${MAXMIND}/GeoLite2-${edition}/download?suffix=tar.gz`;
        return { role, urls: [url], checksum: `${url}.sha256` };
      }),
      authorization: basic(geoipAccountId, geoipLicenseKey),
    };
  }
  return ownServer(from, months);
}

/** Databases at a URL of the operator's own. */
function ownServer(template: string, months: readonly string[]): UpdateSource {
  const url = new URL(template);
  const authorization = url.username === "" && url.password === ""
    ? null
    : basic(decodeURIComponent(url.username), decodeURIComponent(url.password));
  const bare = template.replace(/^([a-z]+:\/\/)[^/?#]*@/i, "$1");
  const urlsOf = (one: string): string[] =>
    one.includes("{month}") ? months.map((month) => one.replaceAll("{month}", month)) : [one];
  const editions = /\{edition\}/i.test(bare)
    ? EDITIONS.map(([lower, upper, role]) => ({
      role,
      urls: urlsOf(bare.replaceAll("{edition}", lower).replaceAll("{Edition}", upper)),
      checksum: null,
    }))
    : [{ role: null, urls: urlsOf(bare), checksum: null }];
  return { name: shownUrl(template), editions, authorization };
}

/** `2026-11`. @param step so many months later */
function monthOf(now: number, step: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + step, 1))
    .toISOString().slice(0, 7);
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
