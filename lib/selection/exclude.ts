import { carriesPath } from "../catalog/carried_paths.ts";
import type { AddressFamily } from "../catalog/families.ts";
import type { FileCopy, SourceFile } from "../catalog/file.ts";
import { hasAsNumber } from "../catalog/has_as_number.ts";
import type { Mirror } from "../catalog/mirror.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { truncateTime } from "../catalog/truncate_time.ts";
import type { ClientView } from "./client_view.ts";
import { type ClientWishes, findUnwanted } from "./client_wishes.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";
import { ANY_FAMILY, type FamilyUses } from "./family_uses.ts";
import { ownPrefix } from "./own_networks.ts";
import { type MirrorRules, treatmentOf } from "./rule_set.ts";
import type { TlsChoice } from "./selection.ts";
import type { SelectionOptions } from "./selection_options.ts";
import type { SetLevel, SetView } from "./set_view.ts";
import type { Tree } from "./tree.ts";

/** What a mirror and its copy have to comply with, the same for all mirrors of one request. */
export interface Requirements {
  /** The file asked for. */
  readonly file: SourceFile;
  /** Which scheme the answer may use. */
  readonly tls: TlsChoice;
  /** Whether the mirror's time-zone offset is added to its times. */
  readonly fixTimezoneOffsets: boolean;
  /** Milliseconds by which times may differ where a mirror does not say itself. */
  readonly tolerance: number;
  /** Milliseconds that a copy may be behind. */
  readonly allowedAge: number;
  /** Whether the size of a copy does not matter. */
  readonly anySize: boolean;
  /** The metadata set that binds the file to a revision; `null`: none does. */
  readonly set: SetView | null;
  /** How old that revision may be. */
  readonly level: SetLevel;
  /** Whether the file waits until enough mirrors have it. */
  readonly embargoed: boolean;
}

/** A rule about a file, whoever asks. @returns why the mirror may not serve it; `null`: it may */
type FileRule = (
  mirror: JudgedMirror,
  copy: FileCopy,
  requirements: Requirements,
) => ExclusionReason | null;

/** A rule about a client, whatever the file. */
export interface ClientRule {
  /** Whether the rule can ever leave this mirror out. */
  readonly concerns: (mirror: RuledMirror) => boolean;
  /** Why the mirror may not serve the client; `null`: it may. */
  readonly find: (mirror: RuledMirror, client: ClientView) => ExclusionReason | null;
}

/** What rules about clients go by; a part of `PreparedMirror`. */
export interface RuledMirror {
  /** What the operator configured, among others. */
  readonly record: Mirror;
  /** What the rules of the configuration say of it. */
  readonly rules: MirrorRules;
  /** How much of its weight its quotas leave, 0 to 1. */
  readonly quota: number;
  /** What it is good for by family of the client's address. */
  readonly families: FamilyUses;
}

/** What is asked of a mirror here; a part of `PreparedMirror`. */
interface JudgedMirror extends RuledMirror {
  readonly record: MirrorRecord;
  readonly offers: Readonly<Record<TlsChoice, { readonly reason: ExclusionReason | null }>>;
  readonly clientRules: readonly ClientRule[];
}

const SYNCING: ExclusionReason = { type: "syncing" };
const NOT_CARRIED: ExclusionReason = { type: "not_carried" };
const EMBARGO: ExclusionReason = { type: "embargo" };
const SIZE: ExclusionReason = { type: "size" };
const NETWORKS: ExclusionReason = { type: "networks" };
const QUOTA: ExclusionReason = { type: "quota" };
const NO_FAMILY: Readonly<Record<AddressFamily, ExclusionReason>> = {
  4: { type: "family", family: 4 },
  6: { type: "family", family: 6 },
};
const CONTINENT: ExclusionReason = { type: "continent" };
const COUNTRY: ExclusionReason = { type: "country" };
const AS: ExclusionReason = { type: "as" };
const EXCLUDED_COUNTRY: ExclusionReason = { type: "excluded_country" };

/**
 * Every reason to leave a mirror out, in the order in which they count; those about the file come first.
 * What is decided about files is remembered for all clients, and what is decided about clients for all
 * files, so an entry stands in one list or the other, and nowhere else.
 */
const FILE_RULES: readonly FileRule[] = [
  ({ offers }, _copy, { tls }) => offers[tls].reason,
  ({ record }, _copy, { file }) =>
    record.paths.length > 0 && !carriesPath(record.paths, file.path) ? NOT_CARRIED : null,
  (_mirror, _copy, { embargoed }) => embargoed ? EMBARGO : null,
  (_mirror, copy, { file, anySize }) => copy.size !== file.size && !anySize ? SIZE : null,
  findTimeMismatch,
];

/** See {@linkcode FILE_RULES}. */
const CLIENT_RULES: readonly ClientRule[] = [
  {
    concerns: ({ record }) => record.networksOnly,
    find: ({ record }, { network }) => ownPrefix(network, record.id) < 0 ? NETWORKS : null,
  },
  {
    concerns: ({ families }) => families !== ANY_FAMILY,
    find: ({ families }, { family }) =>
      family !== null && families[family] === "never" ? NO_FAMILY[family] : null,
  },
  {
    concerns: ({ rules }) => rules.own.length > 0 || rules.only.length > 0,
    find({ rules }, client) {
      const treatment = treatmentOf(rules, client);
      return treatment?.use === "never" ? { type: "rule", number: treatment.rule } : null;
    },
  },
  unlessOwn({ concerns: ({ quota }) => quota === 0, find: () => QUOTA }),
  unlessOwn({
    concerns: ({ record }) => record.continentOnly,
    find: ({ record: { continentCode } }, { place }) =>
      place === null || place.continentCode === "" || place.continentCode !== continentCode
        ? CONTINENT
        : null,
  }),
  unlessOwn({
    concerns: ({ record }) => record.countryOnly,
    find: ({ record: { countryCodes } }, { place }) =>
      place === null || place.countryCode === "" || !countryCodes.includes(place.countryCode)
        ? COUNTRY
        : null,
  }),
  unlessOwn({
    concerns: ({ record }) => record.asOnly,
    find: ({ record }, { place }) =>
      place === null || !hasAsNumber(record, place.asNumber) ? AS : null,
  }),
  unlessOwn({
    concerns: ({ record }) => record.excludedCountryCodes.length > 0,
    find: ({ record: { excludedCountryCodes } }, { place }) =>
      place !== null && place.countryCode !== "" &&
        excludedCountryCodes.includes(place.countryCode)
        ? EXCLUDED_COUNTRY
        : null,
  }),
];

/** Reasons that count behind what a client wants: it is told of them only where it wants the mirror. */
const BEHIND_WISHES: ReadonlySet<ExclusionReason["type"]> = new Set([
  "quota",
  "continent",
  "country",
  "as",
  "excluded_country",
]);

/** A rule that holds for nobody inside of the mirror's own networks. */
function unlessOwn({ concerns, find }: ClientRule): ClientRule {
  return {
    concerns,
    find: (mirror, client) =>
      ownPrefix(client.network, mirror.record.id) < 0 ? find(mirror, client) : null,
  };
}

/** The rules about clients that can ever leave a mirror out, in order: most have none. */
export function clientRulesOf(mirror: RuledMirror): readonly ClientRule[] {
  return CLIENT_RULES.filter(({ concerns }) => concerns(mirror));
}

/**
 * Gathers the requirements of one request.
 *
 * @param file the file asked for
 * @param tls which scheme the answer may use
 * @param options what the operator configured
 * @param tree what the file belongs to; default: nothing
 * @param level how old a revision of a metadata set may be; default: not below its floor
 * @returns the requirements for {@linkcode findFileExclusion}
 */
export function requirementsOf(
  file: SourceFile,
  tls: TlsChoice,
  options: SelectionOptions,
  tree: Tree | null = null,
  level: SetLevel = "floor",
): Requirements {
  const set = tree?.set ?? null;
  const rule = options.allowOutdatedFiles.length === 0 || set !== null
    ? undefined
    : options.allowOutdatedFiles.find(({ prefix }) => file.path.startsWith(prefix));
  return {
    file,
    tls,
    fixTimezoneOffsets: options.fixTimezoneOffsets,
    tolerance: options.tolerance,
    allowedAge: rule === undefined ? 0 : rule.minutes * 60_000,
    anySize: rule !== undefined,
    set: level !== "any" && set?.isStable(file.path) ? set : null,
    level,
    embargoed: false,
  };
}

/**
 * Finds out why a mirror may not serve a file, whoever asks. These reasons count before those of
 * {@linkcode findClientExclusion}.
 *
 * @param mirror the mirror
 * @param copy its copy of the file
 * @param requirements of the request
 * @returns the first reason there is, `null` when it may
 */
export function findFileExclusion(
  mirror: JudgedMirror,
  copy: FileCopy,
  requirements: Requirements,
): ExclusionReason | null {
  if (requirements.set !== null) {
    return findSetExclusion(requirements.set, mirror, copy, requirements);
  }
  for (let i = 0; i < FILE_RULES.length; i++) {
    const reason = FILE_RULES[i]!(mirror, copy, requirements);
    if (reason !== null) return reason;
  }
  return null;
}

/** The same for a name that is bound to a revision: the copy has to be that of the mirror's revision. */
function findSetExclusion(
  set: SetView,
  mirror: JudgedMirror,
  copy: FileCopy,
  requirements: Requirements,
): ExclusionReason | null {
  const reason = mirror.offers[requirements.tls].reason ??
    set.reasonOf(mirror.record.id, requirements.level);
  if (reason !== null) return reason;
  const file = set.fileFor(requirements.file, copy);
  if (file === null) return SYNCING;
  return findFileExclusion(mirror, copy, { ...requirements, file, set: null });
}

/**
 * Finds out why a mirror may not serve a client, whatever the file.
 *
 * @param mirror the mirror
 * @param client who asks
 * @param wishes what the client says of mirrors; `null`: nothing
 * @returns the first reason there is, `null` when it may
 */
export function findClientExclusion(
  mirror: JudgedMirror,
  client: ClientView,
  wishes: ClientWishes | null = null,
): ExclusionReason | null {
  const reason = findByRules(mirror, client);
  if (wishes === null || (reason !== null && !BEHIND_WISHES.has(reason.type))) return reason;
  return findUnwanted(mirror.record, wishes) ?? reason ??
    (wishes.asker === null ? null : findByRules(mirror, wishes.asker));
}

function findByRules(mirror: JudgedMirror, client: ClientView): ExclusionReason | null {
  const { clientRules } = mirror;
  for (let i = 0; i < clientRules.length; i++) {
    const reason = clientRules[i]!.find(mirror, client);
    if (reason !== null) return reason;
  }
  return null;
}

function findTimeMismatch(
  { record }: JudgedMirror,
  copy: FileCopy,
  { file, fixTimezoneOffsets, tolerance, allowedAge }: Requirements,
): ExclusionReason | null {
  const sourceTime = file.modTime;
  if (copy.modTime === null || sourceTime === null || record.compare === "size") return null;
  const mirrorTime = fixTimezoneOffsets ? copy.modTime + record.timeZoneOffset : copy.modTime;
  const precision = record.lastSuccessfulSyncPrecision;
  const difference = truncateTime(sourceTime, precision) - truncateTime(mirrorTime, precision);
  if (Math.abs(difference) <= (record.tolerance ?? tolerance)) return null;
  if (difference >= 0 && difference <= allowedAge) return null;
  return { type: "time", difference };
}
