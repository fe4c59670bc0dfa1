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
}

/** Path of a file, as requests.lua asks for it. */
export function pathOf(file: number): string {
  return `/pool/main/${Math.floor(file / 100)}/package-${file}_1.0-1_amd64.deb`;
}

/** Fills a store: mirrors all over the world that are up and have every file. */
export async function fill(store: Store, { mirrors, files }: DataSize): Promise<void> {
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
    });
    await store.updateMirrorState(id, {
      httpUp: true,
      lastSuccessfulSync: MODIFIED,
      lastSuccessfulSyncPrecision: 1000,
    });
    for (let start = 0; start < files; start += BATCH) {
      await store.updateCopies(id, { changed: batch(start, files), removed: [] }, forever);
    }
  }
}

function batch(start: number, files: number): { path: string; size: number; modTime: number }[] {
  return Array.from({ length: Math.min(BATCH, files - start) }, (_, index) => ({
    path: pathOf(start + index),
    size: 1000 + start + index,
    modTime: MODIFIED,
  }));
}
