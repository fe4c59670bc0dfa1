import { formatCarriedTree } from "../../lib/catalog/carried_tree.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { MirrorCounts } from "../../lib/http/request/count_memory.ts";
import { FILE_TIME, indexedFile, NOW, Site, type SiteOptions } from "../http/fixtures.ts";
import { mirrorRecord, seededRandom } from "../selection/fixtures.ts";

/** The file whose mirrors the pages list. */
export const FILE = "/releases/2.0/sample-image-2.0.iso";

const CITIES: readonly (readonly [string, string, number, number])[] = [
  ["GB", "EU", 51.5, -0.1],
  ["DE", "EU", 50.1, 8.7],
  ["DE", "EU", 50.1, 8.7],
  ["SE", "EU", 59.3, 18.1],
  ["US", "NA", 40.7, -74],
  ["US", "NA", 37.8, -122.4],
  ["JP", "AS", 35.7, 139.7],
  ["BR", "SA", -23.5, -46.6],
  ["FR", "EU", 48.9, 2.4],
  ["NL", "EU", 52.4, 4.9],
  ["PL", "EU", 52.2, 21],
  ["AU", "OC", -33.9, 151.2],
  ["ZA", "AF", -26.2, 28],
  ["IN", "AS", 19.1, 72.9],
  ["CN", "AS", 39.9, 116.4],
];

const SPONSORS = [
  "Example University",
  "",
  "",
  "Nordic Internet Exchange Foundation for Free Software",
  "",
];

/** When the mirrors were scanned. */
const SCAN = NOW - 600_000;

/** Most have all; some are behind, each by another time; of some nobody knows. */
function scanNumbers(index: number): MirrorRecord["scanNumbers"] {
  if (index % 4 === 3) return null;
  const missing = lackingOf(index);
  return {
    ...{ current: 900 - missing, older: 0, size: 0, newer: 0, missing, foreign: 0 },
    ...{ behindSince: missing > 0 ? NOW - (index + 1) * 660_000 : null, scan: SCAN },
  };
}

function lackingOf(index: number): number {
  return index % 4 === 1 ? index * 7 : 0;
}

/** Mirrors all over the world, most of them in Europe, some of them down or old. */
export function manyMirrors(count: number): MirrorRecord[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, index): MirrorRecord => {
    const [country, continentCode, latitude, longitude] = CITIES[index % CITIES.length]!;
    const spread = index < CITIES.length ? 0 : 3;
    const sponsorName = SPONSORS[index % SPONSORS.length]!;
    return mirrorRecord(index + 1, {
      name: `mirror-${index + 1}.${country.toLowerCase()}`,
      httpUrl: index % 3 === 0
        ? `mirror-${index + 1}.example.org/pub/sample/`
        : `http://mirror-${index + 1}.example.org/pub/sample/`,
      latitude: latitude + (random() - 0.5) * spread,
      longitude: longitude + (random() - 0.5) * spread,
      continentCode,
      countryCodes: [country],
      sponsorName,
      sponsorUrl: sponsorName === "" ? "" : "https://sponsor.example/",
      sponsorLogoUrl: index % 10 === 0 ? "https://sponsor.example/logo.png" : "",
      httpsUp: index % 3 === 0 && index % 2 === 0,
      httpUp: index % 9 !== 8,
      httpDownReason: index % 9 === 8 ? "Unreachable" : "",
      enabled: index % 12 !== 11,
      lastModTime: index % 4 === 3 ? null : NOW - index * 3_600_000,
      timeZoneOffset: index % 7 === 6 ? 7_200_000 : 0,
      continentOnly: index % 13 === 7,
      ...{ lastSuccessfulSync: SCAN, scanNumbers: scanNumbers(index) },
    });
  });
}

/** What these mirrors served today. */
export function manyCounts(count: number): MirrorCounts {
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const downloads = Math.round(40_000 / (index + 1)) - 390;
      return [index + 1, {
        downloads: Math.max(downloads, 0),
        bytes: Math.max(downloads, 0) * 734_003_200,
      }];
    }),
  );
}

/** A site with that many mirrors, on which the file is; its directories are there, and mirrors carry them. */
export function pageSite(count: number, options: SiteOptions = {}): Site {
  const mirrors = options.mirrors ?? manyMirrors(count);
  const { file } = indexedFile(FILE, { size: 734_003_200, sha1: "ef".repeat(20) });
  const copies = mirrors.map(({ id }) => ({
    mirrorId: id,
    size: id % 17 === 10 ? 5 : file.size,
    modTime: file.modTime,
  }));
  const beside = [".asc", ".sha256"].map((ending) => indexedFile(FILE + ending));
  const pieces = {
    ...{ path: FILE, size: file.size, modTime: FILE_TIME, sha256: file.sha256, length: 524_288 },
    ...{ sha1: new Uint8Array(20 * 1400), root: null, layer: null },
    zsync: { block: 4096, sha1: file.sha1, sums: new Uint8Array() },
  };
  const site = new Site({
    files: [{ file, copies }, ...beside],
    counts: manyCounts(count),
    pieces: new Map([[FILE, pieces]]),
    disk: Object.fromEntries(
      ["/", "/releases", "/releases/2.0"].map((path) => [path, { type: "directory", path }]),
    ),
    ...options,
    config: { torrents: true, zsync: true, ...options.config },
    mirrors,
  });
  const trees = mirrors.flatMap(({ id, scanNumbers }) => {
    if (scanNumbers === null) return [];
    const lacking = new Map([["/", scanNumbers.missing]]);
    return [[`${id}`, formatCarriedTree({ scan: SCAN, lacking })] as const];
  });
  site.side.receive({
    ...{ type: "notes", kind: "carried", fresh: true, removed: [] },
    put: new Map(trees),
  });
  return site;
}
