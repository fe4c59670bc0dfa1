import { NEW_MIRROR } from "../../lib/catalog/settings/new_mirror.ts";
import type { FileCopy, IndexedFile, SourceFile } from "../../lib/catalog/file.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { parseRulePattern, type RulePattern } from "../../lib/catalog/rule_pattern.ts";
import type { RuleUse, SelectionRule } from "../../lib/catalog/selection_rule.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import { type ClientView, ClientViews } from "../../lib/selection/client_view.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import type { SelectionOptions } from "../../lib/selection/selection_options.ts";
import type { SelectionRequest } from "../../lib/selection/selection_request.ts";

/** 2026-11-22 15:04:05.678 UTC. */
export const FILE_TIME = Date.UTC(2026, 10, 22, 15, 4, 5, 678);

/** The file that the tests ask for. */
export const FILE: SourceFile = {
  path: "/pool/file.iso",
  size: 1000,
  modTime: FILE_TIME,
  sha1: "",
  sha256: "",
  md5: "",
};

/** The default configuration. */
export const OPTIONS: SelectionOptions = {
  weightDistributionRange: 1.5,
  fixTimezoneOffsets: false,
  tolerance: 0,
  allowOutdatedFiles: [],
  ipFamilies: "prefer",
  geographicalSort: true,
};

/** A mirror that is enabled, up on HTTP, scanned by rsync, and on the equator at 0° east. */
export function mirrorRecord(id: number, changes: Partial<MirrorRecord> = {}): MirrorRecord {
  return {
    ...NEW_MIRROR,
    ...INITIAL_STATE,
    id,
    name: `m${id}`,
    httpUrl: `http://m${id}.example/`,
    continentCode: "EU",
    countryCodes: ["DE"],
    enabled: true,
    httpUp: true,
    lastSuccessfulSyncPrecision: 1000,
    ...changes,
  };
}

/** A client in France, on the equator at 0° east, without an AS. */
export function clientRecord(changes: Partial<GeoRecord> = {}): GeoRecord {
  return {
    countryCode: "FR",
    country: "France",
    continentCode: "EU",
    city: "",
    latitude: 0,
    longitude: 0,
    located: true,
    asNumber: 0,
    asName: "",
    ...changes,
  };
}

/** A client whose AS is known, and nothing else. */
export function clientWithoutPlace(asNumber: number): GeoRecord {
  return clientRecord({
    countryCode: "",
    country: "",
    continentCode: "",
    located: false,
    asNumber,
  });
}

const views = new ClientViews();

/** What selection goes by of a client that is in no network of the mirrors'. */
export function viewOf(place: GeoRecord | null): ClientView {
  return views.of(place, null);
}

/** What tests may change about a request; a client may be told by its place alone. */
export type RequestChanges =
  & Partial<Omit<SelectionRequest, "indexed" | "mirrors" | "client">>
  & { readonly client?: GeoRecord | ClientView | null };

/**
 * A request for {@linkcode FILE}, as the mirror list asks it, by a client of whom nothing is known.
 *
 * @param records the mirrors
 * @param copies their copies; a perfect copy on every mirror when left out
 */
export function requestFor(
  records: readonly MirrorRecord[],
  { client = null, ...changes }: RequestChanges = {},
  copies: readonly FileCopy[] = records.map(({ id }) => ({
    mirrorId: id,
    size: FILE.size,
    modTime: FILE_TIME,
  })),
  file: SourceFile = FILE,
): SelectionRequest {
  const indexed: IndexedFile = { file, copies };
  return {
    indexed,
    mirrors: new Map(records.map((record) => [record.id, prepareMirror(record)])),
    client: client !== null && "place" in client ? client : viewOf(client),
    tls: "any",
    options: OPTIONS,
    random: () => 0,
    ranked: true,
    ...changes,
  };
}

/** Numbers from 0 to 1 that are the same in every run (xorshift32). */
export function seededRandom(seed = 2463534242): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A rule as somebody writes it; words are parted by spaces. */
export function rule(client: string, mirror: string, use: RuleUse): SelectionRule {
  const words = (text: string): RulePattern[] =>
    text.split(" ").map((word) => {
      const pattern = parseRulePattern(word);
      if (pattern === null) throw new TypeError(`Not a word of a rule: ${word}`);
      return pattern;
    });
  return { client: words(client), mirror: words(mirror), use };
}
