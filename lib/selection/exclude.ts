import type { FileCopy, SourceFile } from "../catalog/file.ts";
import { hasAsNumber } from "../catalog/has_as_number.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { GeoRecord } from "../geo/geo_record.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";
import type { SelectionOptions } from "./selection_request.ts";

/** What a copy and its mirror have to comply with, the same for all mirrors of one request. */
export interface Requirements {
  /** The file asked for. */
  readonly file: SourceFile;
  /** Who asks; `null`: in no database. */
  readonly client: GeoRecord | null;
  /** Whether the mirror's time-zone offset is added to its times. */
  readonly fixTimezoneOffsets: boolean;
  /** Milliseconds by which times may differ where a mirror does not say itself. */
  readonly tolerance: number;
  /** Milliseconds that a copy may be behind. */
  readonly allowedAge: number;
  /** Whether the size of a copy does not matter. */
  readonly anySize: boolean;
}

const SIZE: ExclusionReason = { type: "size" };
const CONTINENT: ExclusionReason = { type: "continent" };
const COUNTRY: ExclusionReason = { type: "country" };
const AS: ExclusionReason = { type: "as" };
const EXCLUDED_COUNTRY: ExclusionReason = { type: "excluded_country" };

/**
 * Gathers the requirements of one request.
 *
 * @param file the file asked for
 * @param client who asks; `null` when no database knows it
 * @param options what the operator configured
 * @returns the requirements for {@linkcode findExclusion}
 */
export function requirementsOf(
  file: SourceFile,
  client: GeoRecord | null,
  options: SelectionOptions,
): Requirements {
  const rule = options.allowOutdatedFiles.length === 0
    ? undefined
    : options.allowOutdatedFiles.find(({ prefix }) => file.path.startsWith(prefix));
  return {
    file,
    client,
    fixTimezoneOffsets: options.fixTimezoneOffsets,
    tolerance: options.tolerance,
    allowedAge: rule === undefined ? 0 : rule.minutes * 60_000,
    anySize: rule !== undefined,
  };
}

/**
 * Finds out why a mirror that is enabled and up may not serve a request.
 *
 * @param mirror the mirror
 * @param copy its copy of the file
 * @param requirements of the request
 * @returns the first reason there is, `null` when the mirror may serve it
 */
export function findExclusion(
  mirror: MirrorRecord,
  copy: FileCopy,
  requirements: Requirements,
): ExclusionReason | null {
  return findMismatch(mirror, copy, requirements) ?? findRestriction(mirror, requirements.client);
}

/**
 * Finds out why a copy of a file is not the file, whoever asks.
 *
 * @param mirror the mirror
 * @param copy its copy of the file
 * @param requirements of the file
 * @returns the first reason there is, `null` when the copy will do
 */
export function findMismatch(
  mirror: MirrorRecord,
  copy: FileCopy,
  requirements: Omit<Requirements, "client">,
): ExclusionReason | null {
  if (copy.size !== requirements.file.size && !requirements.anySize) return SIZE;
  return findTimeMismatch(mirror, copy, requirements);
}

function findTimeMismatch(
  mirror: MirrorRecord,
  copy: FileCopy,
  requirements: Omit<Requirements, "client">,
): ExclusionReason | null {
  const sourceTime = requirements.file.modTime;
  if (copy.modTime === null || sourceTime === null || mirror.compare === "size") return null;
  const mirrorTime = requirements.fixTimezoneOffsets
    ? copy.modTime + mirror.timeZoneOffset
    : copy.modTime;
  const precision = mirror.lastSuccessfulSyncPrecision;
  const difference = truncate(sourceTime, precision) - truncate(mirrorTime, precision);
  if (Math.abs(difference) <= (mirror.tolerance ?? requirements.tolerance)) return null;
  if (difference >= 0 && difference <= requirements.allowedAge) return null;
  return { type: "time", difference };
}

function truncate(time: number, precision: number): number {
  return precision > 0 ? Math.floor(time / precision) * precision : time;
}

/**
 * Finds out why a mirror may not serve a client, whatever the file.
 *
 * @param mirror the mirror
 * @param client who asks; `null` when no database knows it
 * @returns the first reason there is, `null` when it may
 */
export function findRestriction(mirror: Mirror, client: GeoRecord | null): ExclusionReason | null {
  const continent = client === null ? "" : client.continentCode;
  if (mirror.continentOnly && (continent === "" || continent !== mirror.continentCode)) {
    return CONTINENT;
  }
  const country = client === null ? "" : client.countryCode;
  if (mirror.countryOnly && (country === "" || !mirror.countryCodes.includes(country))) {
    return COUNTRY;
  }
  const asNumber = client === null ? 0 : client.asNumber;
  if (mirror.asOnly && !hasAsNumber(mirror, asNumber)) return AS;
  if (country !== "" && mirror.excludedCountryCodes.includes(country)) return EXCLUDED_COUNTRY;
  return null;
}
