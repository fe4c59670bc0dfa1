import { isTime } from "../../catalog/is_time.ts";
import type { Mirror } from "../../catalog/mirror.ts";
import { ALL_SETTINGS, type Setting } from "../../catalog/settings/mirror_settings.ts";
import type { MirrorRecord, MirrorState, ScanProtocol } from "../../catalog/mirror_state.ts";
import { STATE_FIELDS, type StateField } from "../../catalog/mirror_state_fields.ts";
import { readShape } from "../../catalog/state_shape.ts";
import { shownText } from "../../catalog/text_limits.ts";
import { formatFloat32 } from "./go_float.ts";
import { SCAN_PROTOCOLS } from "./scan_protocols.ts";

/** How one property stands in the hash `MIRROR_id`. */
interface Field<T> {
  /** Name of the field. */
  readonly name: string;
  /** @returns `null`: the field is left out */
  write(value: T): string | null;
  /** @param text empty when the field is missing */
  read(text: string): T;
}

type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

function text(name: string): Field<string> {
  return { name, write: (value) => value, read: (text) => text };
}

/** What is only ever shown. */
function reason(name: string): Field<string> {
  return { ...text(name), read: shownText };
}

function flag(name: string): Field<boolean> {
  return { name, write: (value) => value ? "1" : "0", read: (text) => /^(1|t|true)$/i.test(text) };
}

/** @param scale what one of ours is in the hash */
function integer(name: string, scale = 1): Field<number> {
  return {
    name,
    write: (value) => `${Math.round(value * scale)}`,
    read(text) {
      const value = Number(text) / scale;
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : 0;
    },
  };
}

function degrees(name: string): Field<number> {
  const read = (text: string): number => Number.isFinite(Number(text)) ? Number(text) : 0;
  return { name, write: formatFloat32, read };
}

function codes(name: string): Field<readonly string[]> {
  return {
    name,
    write: (value) => value.join(" "),
    read: (text) => text.split(/[\s,]+/).filter((code) => code !== ""),
  };
}

/** Unix seconds; what the original never set is missing, or holds 0 or its zero time of the year 1. */
function time(name: string): Field<number | null> {
  return {
    name,
    write: (value) => value === null ? null : `${Math.floor(value / 1000)}`,
    read(text) {
      const value = Math.floor(Number(text) * 1000);
      return value > 0 && isTime(value) ? value : null;
    },
  };
}

/** A setting that the original does not know: its field is missing while it has its default. */
function newer({ property, key, kind, byDefault }: Setting): Field<unknown> {
  return {
    name: property,
    write(value) {
      if (JSON.stringify(value) === JSON.stringify(byDefault)) return null;
      if (typeof value === "boolean") return value ? "1" : "0";
      return Array.isArray(value) ? value.join(" ") : String(value);
    },
    read(text) {
      if (text === "") return byDefault;
      if (typeof byDefault === "boolean") return flag(property).read(text);
      try {
        return kind.read(key, kind.parse(text));
      } catch {
        // Whatever wrote it does not know our words.
        return byDefault;
      }
    },
  };
}

/** A part of the state that the original does not know, in JSON; missing while it is the initial one. */
function newerState({ property, shape, initial }: StateField): Field<unknown> {
  return {
    name: property,
    write(value) {
      const written = JSON.stringify(value);
      return written === JSON.stringify(initial) ? null : written;
    },
    read(text) {
      if (text === "") return initial;
      try {
        const value = readShape(shape, JSON.parse(text));
        return value === undefined ? initial : value;
      } catch {
        return initial;
      }
    },
  };
}

const NEWER_STATE = Object.fromEntries(
  STATE_FIELDS.filter((field) => field.newer).map((one) => [one.property, newerState(one)]),
);

const NEWER = Object.fromEntries(
  ALL_SETTINGS.filter((setting) => setting.newer).map((one) => [one.property, newer(one)]),
);

const CONFIGURED = {
  id: integer("ID"),
  name: text("name"),
  httpUrl: text("http"),
  rsyncUrl: text("rsync"),
  ftpUrl: text("ftp"),
  sponsorName: text("sponsorName"),
  sponsorUrl: text("sponsorURL"),
  sponsorLogoUrl: text("sponsorLogo"),
  adminName: text("adminName"),
  adminEmail: text("adminEmail"),
  customData: text("customData"),
  continentOnly: flag("continentOnly"),
  countryOnly: flag("countryOnly"),
  asOnly: flag("asOnly"),
  score: integer("score"),
  latitude: degrees("latitude"),
  longitude: degrees("longitude"),
  continentCode: text("continentCode"),
  countryCodes: codes("countryCodes"),
  excludedCountryCodes: codes("excludedCountryCodes"),
  asNumber: integer("asnum"),
  comment: text("comment"),
  allowRedirects: {
    name: "allowredirects",
    write: (value: boolean | null) => value === null ? "0" : value ? "1" : "2",
    read: (text: string) => text === "1" ? true : text === "2" ? false : null,
  },
  enabled: flag("enabled"),
  ...NEWER,
} as unknown as Fields<Mirror>;

const FOUND = {
  httpUp: flag("httpUp"),
  httpsUp: flag("httpsUp"),
  httpDownReason: reason("httpDownReason"),
  httpsDownReason: reason("httpsDownReason"),
  stateSince: time("stateSince"),
  lastSync: time("lastSync"),
  lastSuccessfulSync: time("lastSuccessfulSync"),
  lastSuccessfulSyncProtocol: {
    name: "lastSuccessfulSyncProtocol",
    write: (value: ScanProtocol) => `${SCAN_PROTOCOLS.indexOf(value)}`,
    read: (text: string) => SCAN_PROTOCOLS[Number(text)] ?? "rsync",
  },
  // Nanoseconds there, milliseconds here.
  lastSuccessfulSyncPrecision: integer("lastSuccessfulSyncPrecision", 1_000_000),
  lastModTime: time("lastModTime"),
  timeZoneOffset: integer("tzoffset"),
  ...NEWER_STATE,
} as unknown as Fields<MirrorState>;

/** Fields to set in `MIRROR_id`, and fields to delete. */
export interface HashChange {
  /** Name and value in turn. */
  readonly set: readonly string[];
  readonly delete: readonly string[];
}

/** What the operator configured, as fields of `MIRROR_id`: all of them but `ID`. */
export function mirrorFields(mirror: Omit<Mirror, "id">): HashChange {
  const { id: _, ...fields } = CONFIGURED;
  return change(fields, mirror);
}

/**
 * A mirror that is being added, as fields of `MIRROR_id`: all of them but `ID`. Of its state the
 * original writes only that it is not up; the other fields come with what they tell.
 *
 * @returns name and value in turn
 */
export function newMirrorFields(mirror: Omit<Mirror, "id">): string[] {
  return [...mirrorFields(mirror).set, ...stateFields({ httpUp: false, httpsUp: false }).set];
}

/** What the monitor found, as fields of `MIRROR_id`; properties that are not given stay as they are. */
export function stateFields(state: Partial<MirrorState>): HashChange {
  return change(FOUND, state);
}

/** The field that says whether the mirror is enabled. */
export function enabledField(enabled: boolean): HashChange {
  return change({ enabled: CONFIGURED.enabled }, { enabled });
}

/**
 * Reads `MIRROR_id`, whoever wrote it.
 *
 * @param hash what `HGETALL` gives
 */
export function mirrorRecord(id: number, hash: Readonly<Record<string, string>>): MirrorRecord {
  return { ...read(CONFIGURED, hash), ...read(FOUND, hash), id };
}

function change<T>(fields: Fields<T>, values: Partial<T>): HashChange {
  const set: string[] = [];
  const gone: string[] = [];
  for (const key in fields) {
    const value = values[key];
    if (value === undefined) continue;
    const { name, write } = fields[key];
    const written = write(value as T[typeof key]);
    if (written === null) gone.push(name);
    else set.push(name, written);
  }
  return { set, delete: gone };
}

function read<T>(fields: Fields<T>, hash: Readonly<Record<string, string>>): T {
  const values: Partial<T> = {};
  for (const key in fields) {
    values[key] = fields[key].read(hash[fields[key].name] ?? "");
  }
  return values as T;
}
