/**
 * The parts of the redirector that are of use elsewhere: who may serve a client, and why not; what a
 * file, a mirror and a place are; the configuration; the ports behind which stores, listers and GeoIP
 * databases stand.
 *
 * Nothing here reads the disk, a clock or randomness unless it is handed in, but for what loads
 * databases and the configuration.
 *
 * @example Who may serve a client, and why the others may not
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { INITIAL_STATE, type MirrorRecord, NEW_MIRROR, prepareMirror, select } from "./mod.ts";
 *
 * // What an operator says of a mirror, and what a health check and a scan found.
 * const mirror = (id: number, name: string, changes: Partial<MirrorRecord>): MirrorRecord => ({
 *   ...NEW_MIRROR,
 *   ...INITIAL_STATE,
 *   id,
 *   name,
 *   httpUrl: `http://${name}.example/pub/`,
 *   enabled: true,
 *   httpUp: true,
 *   ...changes,
 * });
 * const mirrors = [
 *   mirror(1, "berlin", { latitude: 52.5, longitude: 13.4, countryCodes: ["DE"], continentCode: "EU" }),
 *   mirror(2, "osaka", { latitude: 34.7, longitude: 135.5, countryCodes: ["JP"], continentCode: "AS" }),
 *   mirror(3, "lyon", { enabled: false }),
 * ];
 *
 * const file = { path: "/a.iso", size: 700, modTime: null, sha1: "", sha256: "", md5: "" };
 * const { candidates, excluded } = select({
 *   indexed: { file, copies: mirrors.map(({ id }) => ({ mirrorId: id, size: 700, modTime: null })) },
 *   mirrors: new Map(mirrors.map((record) => [record.id, prepareMirror(record)])),
 *   client: {
 *     place: {
 *       countryCode: "FR",
 *       country: "France",
 *       continentCode: "EU",
 *       city: "Paris",
 *       latitude: 48.9,
 *       longitude: 2.4,
 *       located: true,
 *       asNumber: 0,
 *       asName: "",
 *     },
 *     network: null,
 *     family: 4,
 *   },
 *   tls: "any",
 *   options: {
 *     weightDistributionRange: 1.5,
 *     fixTimezoneOffsets: false,
 *     tolerance: 0,
 *     allowOutdatedFiles: [],
 *     ipFamilies: "prefer",
 *     geographicalSort: true,
 *   },
 *   random: Math.random,
 *   ranked: true,
 * });
 *
 * assertEquals(candidates.map(({ mirror }) => mirror.name), ["berlin", "osaka"]);
 * assertEquals(Math.round(candidates[0]!.distance), 871); // km
 * assertEquals(candidates[0]!.share, 100); // percent
 * assertEquals(excluded.map(({ mirror, reason }) => [mirror.name, reason.type]), [
 *   ["lyon", "disabled"],
 * ]);
 * ```
 *
 * @example Where an address is
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadGeoDatabases } from "./mod.ts";
 *
 * const nobody = (): void => {};
 * const { resolver } = await loadGeoDatabases({
 *   directory: "/nowhere", // such as /usr/share/GeoIP; without databases there, the embedded one answers
 *   log: { debug: nobody, info: nobody, warn: nobody, error: nobody },
 * });
 *
 * const { countryCode, located } = resolver.resolve("193.99.144.80")!;
 * assertEquals([countryCode, located], ["DE", true]);
 * assertEquals(resolver.resolve("127.0.0.1"), null);
 * ```
 *
 * @module
 */
export * from "./lib/catalog/clean_path.ts";
export type { Downtime } from "./lib/catalog/downtime.ts";
export * from "./lib/catalog/encode_path.ts";
export type { CauseKind, DownCause } from "./lib/catalog/down_cause.ts";
export type {
  AddressFamily,
  FamilyState,
  FamilyStates,
  FamilyWord,
} from "./lib/catalog/families.ts";
export type * from "./lib/catalog/file.ts";
export type { GoneFile } from "./lib/catalog/gone_file.ts";
export type { PieceHashes, PieceStamp } from "./lib/catalog/piece_hashes.ts";
export type { FileRevision } from "./lib/catalog/file_revision.ts";
export type { PieceRecord, ZsyncHead, ZsyncSums } from "./lib/catalog/zsync_sums.ts";
export type * from "./lib/catalog/mirror.ts";
export type * from "./lib/catalog/mirror_event.ts";
export type { ScanCounts, ScanNumbers } from "./lib/catalog/scan_numbers.ts";
export type * from "./lib/catalog/mirror_state.ts";
export { INITIAL_STATE } from "./lib/catalog/mirror_state_fields.ts";
export * from "./lib/catalog/settings/new_mirror.ts";
export type * from "./lib/config/config.ts";
export * from "./lib/config/config_error.ts";
export type { ConfigFlags } from "./lib/config/config_layers.ts";
export * from "./lib/config/load_config.ts";
export * from "./lib/config/notify_receiver.ts";
export * from "./lib/geo/distance.ts";
export type { GeoCredit } from "./lib/geo/geo_credit.ts";
export type * from "./lib/geo/geo_record.ts";
export type { DatabaseFiles, FileStamp } from "./lib/geoip/database_files.ts";
export type { DatabaseRole } from "./lib/geoip/database_names.ts";
export * from "./lib/geoip/load_databases.ts";
export type * from "./lib/geoip/resolver.ts";
export type * from "./lib/log/log.ts";
export * from "./lib/scan/lister.ts";
export { type SourceDirectory, SourceTree, type SourceVersion } from "./lib/catalog/source_tree.ts";
export type { FamilyUse, FamilyUses } from "./lib/selection/family_uses.ts";
export type * from "./lib/selection/exclusion_reason.ts";
export type * from "./lib/selection/client_wishes.ts";
export type * from "./lib/net/network_table.ts";
export * from "./lib/selection/client_view.ts";
export type * from "./lib/catalog/rule_pattern.ts";
export type * from "./lib/catalog/selection_rule.ts";
export type * from "./lib/selection/client_matcher.ts";
export type { ClientRule, RuledMirror } from "./lib/selection/exclude.ts";
export * from "./lib/selection/rule_set.ts";
export * from "./lib/selection/prepare_mirror.ts";
export * from "./lib/selection/prepared_fallback.ts";
export type * from "./lib/selection/prepared_mirror.ts";
export * from "./lib/selection/select.ts";
export * from "./lib/selection/select_fallbacks.ts";
export type * from "./lib/selection/selection.ts";
export type * from "./lib/selection/selection_options.ts";
export type * from "./lib/selection/selection_request.ts";
export * from "./lib/selection/tree.ts";
export { WholeTree, type WholeTreeOptions } from "./lib/selection/whole_tree.ts";
export * from "./lib/selection/set_view.ts";
export type { EmbargoRule } from "./lib/catalog/embargo.ts";
export type { LatestRule } from "./lib/catalog/latest_rule.ts";
export type { SetRule, SetRules } from "./lib/catalog/set_rule.ts";
export type * from "./lib/catalog/set_state.ts";
export * from "./lib/store/cluster_channel.ts";
export * from "./lib/store/difference.ts";
export * from "./lib/store/download_counts.ts";
export * from "./lib/store/message_store.ts";
export * from "./lib/store/note_store.ts";
export * from "./lib/store/store.ts";
export * from "./lib/store/store_reader.ts";
export * from "./lib/store/store_lock.ts";
export * from "./lib/store/verification_store.ts";
export * from "./lib/version.ts";
