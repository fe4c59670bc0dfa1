/**
 * The parts of the redirector that are of use elsewhere: who may serve a client, and why not; what a
 * file, a mirror and a place are; the configuration; the ports behind which stores, listers and GeoIP
 * databases stand.
 *
 * @module
 */
export * from "./lib/catalog/clean_path.ts";
export * from "./lib/catalog/encode_path.ts";
export type * from "./lib/catalog/file.ts";
export type * from "./lib/catalog/mirror.ts";
export type * from "./lib/catalog/mirror_event.ts";
export * from "./lib/catalog/mirror_state.ts";
export type * from "./lib/config/config.ts";
export * from "./lib/config/config_error.ts";
export type { ConfigFlags } from "./lib/config/config_layers.ts";
export * from "./lib/config/load_config.ts";
export * from "./lib/geo/distance.ts";
export type * from "./lib/geo/geo_record.ts";
export type * from "./lib/geoip/resolver.ts";
export type * from "./lib/log/log.ts";
export * from "./lib/scan/lister.ts";
export type * from "./lib/selection/exclusion_reason.ts";
export * from "./lib/selection/prepare_mirror.ts";
export * from "./lib/selection/prepared_fallback.ts";
export type * from "./lib/selection/prepared_mirror.ts";
export * from "./lib/selection/select.ts";
export * from "./lib/selection/select_fallbacks.ts";
export type * from "./lib/selection/selection.ts";
export type * from "./lib/selection/selection_request.ts";
export * from "./lib/store/store.ts";
export * from "./lib/version.ts";
