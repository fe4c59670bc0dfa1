import { formatHistory, formatStanding, standingName } from "../../../lib/catalog/set_state.ts";
import { NEW_MIRROR } from "../../../lib/catalog/settings/new_mirror.ts";
import type { Store } from "../../../lib/store/store.ts";
import { seededRandom } from "../../selection/fixtures.ts";
import type { Country } from "./city_database.ts";

/** Where mirrors and clients are. */
export const COUNTRIES: readonly Country[] = [
  ["DE", "EU", 51, 9],
  ["FR", "EU", 46, 2],
  ["US", "NA", 38, -97],
  ["JP", "AS", 36, 138],
  ["BR", "SA", -10, -55],
  ["GB", "EU", 54, -2],
  ["AU", "OC", -27, 133],
  ["IN", "AS", 20, 77],
  ["CA", "NA", 60, -95],
  ["SE", "EU", 62, 15],
  ["ZA", "AF", -29, 24],
  ["NL", "EU", 52, 6],
];

/** Milliseconds since the epoch. */
const MODIFIED = Date.UTC(2026, 0, 1);

const BATCH = 20_000;

/** How much there is to be in a store. */
export interface DataSize {
  readonly mirrors: number;
  readonly files: number;
  /** Whether mirrors have networks, quotas, bandwidths, largest shares and families. */
  readonly choice?: boolean;
  /** Whether all mirrors are whole in the metadata sets. */
  readonly sets?: unknown;
}

/** A metadata set that all files are in, and one that they are not in. */
export const SET_RULES: Readonly<Record<"inside" | "outside", { Root: string; Below: string }>> = {
  inside: { Root: pathOf(0), Below: "/pool/main/" },
  outside: { Root: "/dists/stable/InRelease", Below: "/dists/stable/" },
};

/** Networks of all mirrors together. */
const NETWORKS = 100_000;

/** Rules about countries and single mirrors. */
export const RULES: readonly Readonly<Record<string, unknown>>[] = Array.from(
  { length: 50 },
  (_, index) => ({
    Client: [COUNTRIES[index % COUNTRIES.length]![0]],
    Mirror: [`mirror-${index * 3}`],
    Use: index % 2 === 0 ? "last" : "never",
  }),
);

/** Networks of a mirror, of 4096 addresses each. */
function networksOf(count: number, random: () => number): string[] {
  const byte = (): number => Math.floor(random() * 256);
  return Array.from(
    { length: count },
    () => `${1 + Math.floor(random() * 222)}.${byte()}.${byte() & 0xf0}.0/20`,
  );
}

/** Path of a file, as requests.lua asks for it. */
export function pathOf(file: number): string {
  return `/pool/main/${Math.floor(file / 100)}/package-${file}_1.0-1_amd64.deb`;
}

const UP = { state: "up", text: "", time: MODIFIED } as const;

/** Of every other mirror, nothing answers over IPv6. */
const FAMILIES = [
  { ipv4: UP, ipv6: UP },
  { ipv4: UP, ipv6: { ...UP, state: "none" } },
] as const;

/** Fills a store: mirrors all over the world that are up and have every file. */
export async function fill(
  store: Store,
  { mirrors, files, choice = false, sets }: DataSize,
): Promise<void> {
  const forever = new AbortController().signal;
  const random = seededRandom(1);
  for (let start = 0; start < files; start += BATCH) {
    const changed = batch(start, files).map((file) => ({
      ...file,
      sha1: "",
      sha256: "ab".repeat(32),
      md5: "",
    }));
    await store.updateSource({ changed, removed: [] }, forever);
  }
  for (let index = 0; index < mirrors; index++) {
    const [country, continentCode, latitude, longitude] = COUNTRIES[index % COUNTRIES.length]!;
    const id = await store.addMirror({
      ...NEW_MIRROR,
      name: `mirror-${index}`,
      httpUrl: `http://mirror-${index}.example.org/pub/debian/`,
      enabled: true,
      latitude: latitude + random() * 8 - 4,
      longitude: longitude + random() * 8 - 4,
      continentCode,
      countryCodes: [country],
      asNumber: 1000 + index,
      ...(choice
        ? {
          networks: networksOf(NETWORKS / mirrors, random),
          bandwidth: 1e9 * (1 + index % 10),
          maxShare: index % 3 === 0 ? 20 : 0,
          maxMonth: 1e15,
        }
        : {}),
    });
    await store.updateMirrorState(id, {
      httpUp: true,
      ...(choice ? { families: FAMILIES[index % 2]! } : {}),
      lastSuccessfulSync: MODIFIED,
      lastSuccessfulSyncPrecision: 1000,
    });
    for (let start = 0; start < files; start += BATCH) {
      await store.updateCopies(id, { changed: batch(start, files), removed: [] }, forever);
    }
    if (sets !== undefined) await fillSets(store, id);
  }
}

/** A mirror is whole at the second of two revisions. */
async function fillSets({ notes }: Store, id: number): Promise<void> {
  const now = Date.now();
  const revisions = [1, 2].map((number) => ({
    ...{ number, size: 1000, modTime: MODIFIED, sha256: `${number}`.repeat(64) },
    time: now - (3 - number) * 3_600_000,
  }));
  const history = formatHistory({ revisions, former: new Map() });
  const standing = formatStanding({ seen: 2, whole: 2, unsteady: false, time: now - 3_600_000 });
  for (const { Root } of Object.values(SET_RULES)) {
    await notes.change("set", { put: new Map([[Root, history]]) });
    await notes.change("set_mirror", { put: new Map([[standingName(id, Root), standing]]) });
  }
}

function batch(start: number, files: number): { path: string; size: number; modTime: number }[] {
  return Array.from({ length: Math.min(BATCH, files - start) }, (_, index) => ({
    path: pathOf(start + index),
    size: 1000 + start + index,
    modTime: MODIFIED,
  }));
}
