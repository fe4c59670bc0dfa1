import { assert, assertEquals, assertRejects } from "@std/assert";
import { ALL_SETTINGS, DEFAULT_SETTINGS } from "../../lib/catalog/settings/mirror_settings.ts";
import type { MirrorState } from "../../lib/catalog/mirror_state.ts";
import { INITIAL_STATE } from "../../lib/catalog/mirror_state_fields.ts";
import { NameTakenError, NoSuchMirrorError } from "../../lib/store/store.ts";
import type { ContractCase } from "../store_contract.ts";
import {
  addCopies,
  addFiles,
  allCopies,
  indexed,
  listed,
  sampleFile,
  sampleMirror,
  TIME,
} from "./samples.ts";

/** A mirror of which nearly every setting is another than the default. */
export const FULL: ReturnType<typeof sampleMirror> = sampleMirror("full", {
  httpUrl: "full.example/päth/",
  rsyncUrl: "rsyncs://user:p%40ss@full.example/module/",
  ftpUrl: "ftps://anonymous@full.example:2121/pub/",
  sponsorName: 'A "Sponsor" & Söhne',
  sponsorUrl: "https://sponsor.example/?a=1&b=2",
  sponsorLogoUrl: "https://sponsor.example/logo.png",
  adminName: "Ann Ådmin",
  adminEmail: "ann@full.example",
  customData: '{"a": [1, "two"]}\n',
  continentOnly: true,
  countryOnly: true,
  asOnly: true,
  score: -37,
  latitude: -58.416712,
  longitude: 15.6167,
  continentCode: "EU",
  countryCodes: ["SE", "NO"],
  excludedCountryCodes: ["FR"],
  asNumber: 4_200_000_000,
  asNumbers: [64500, 4_200_000_001],
  maxScanAge: 540,
  tolerance: 1500,
  compare: "size",
  followLinks: true,
  unchecked: true,
  networks: ["192.0.2.0/24", "2001:db8::/32"],
  networksOnly: true,
  monopoly: true,
  bandwidth: 1_000_000_000,
  maxShare: 20,
  maxDay: 2_000_000_000_000,
  maxMonth: 25_000_000_000_000,
  monthStarts: 31,
  paths: ["/iso☂/", "!/iso/nightly/"],
  tags: ["fast", "nightly"],
  global: true,
  wholeTree: true,
  comment: "first line\nsecond line ☂",
  allowRedirects: true,
  enabled: true,
});

/** A state with something in each part. */
export const STATE: MirrorState = {
  httpUp: true,
  httpsUp: false,
  httpDownReason: "",
  httpsDownReason: "File not found /a b (error 404)",
  httpDownCause: null,
  httpsDownCause: {
    kind: "status",
    text: "File not found /a b (error 404)",
    address: "2001:db8::7",
    milliseconds: 12,
    reason: "File not found /a b (error 404)",
    since: Date.UTC(2026, 10, 22, 10, 0, 1),
  },
  busySince: Date.UTC(2026, 10, 22, 10, 1, 0, 5),
  families: {
    ipv4: { state: "up", text: "", time: Date.UTC(2026, 10, 22, 10, 1) },
    ipv6: { state: "none", text: "no IPv6 address", time: Date.UTC(2026, 10, 22, 10, 1, 0, 5) },
  },
  downtime: {
    ...{ from: Date.UTC(2026, 11, 1, 2), until: null, reason: "new ☂", started: true, by: "ops" },
  },
  certificate: { ends: Date.UTC(2026, 11, 1), warned: 14 },
  notScannedFor: 32_400_000,
  stateSince: Date.UTC(2026, 10, 22, 10, 0, 1),
  lastSync: Date.UTC(2026, 10, 22, 11, 0, 2),
  lastSuccessfulSync: Date.UTC(2026, 10, 22, 9, 0, 3),
  lastSuccessfulSyncProtocol: "ftp",
  lastSuccessfulSyncPrecision: 1,
  scanNumbers: {
    ...{ current: 43, older: 30, size: 2, newer: 1, missing: 4, foreign: 5 },
    ...{ behindSince: Date.UTC(2026, 10, 20, 1, 2, 3, 4), scan: Date.UTC(2026, 10, 22, 9, 0, 3) },
  },
  lastModTime: Date.UTC(2026, 10, 21, 23, 59, 59),
  timeZoneOffset: -3_600_000,
};

/** What a store would leave out were it not told of a setting. */
const LIKE_DEFAULT = ALL_SETTINGS.filter(({ property, byDefault }) =>
  JSON.stringify(FULL[property]) === JSON.stringify(byDefault)
);

/** Mirrors and their states. */
export const mirrorCases: readonly ContractCase[] = [
  {
    name: "a new store is available, has no mirrors and describes itself",
    run: async ({ store }) => {
      assertEquals(await store.mirrors(), []);
      assertEquals(await store.mirror(1), null);
      assertEquals(store.available, true);
      assert(store.description.length > 0);
    },
  },
  {
    name: "updateMirror() takes every setting back to its default",
    run: async ({ store }) => {
      const id = await store.addMirror(FULL);
      const plain = { ...DEFAULT_SETTINGS, name: "plain", httpUrl: "http://plain.example/" };
      await store.updateMirror({ id, ...plain });
      assertEquals(await store.mirror(id), { ...INITIAL_STATE, ...plain, id });
    },
  },
  {
    name: "addMirror() keeps every property and starts with the initial state",
    run: async ({ store }) => {
      assertEquals(LIKE_DEFAULT, [], "give it a value in FULL");
      const id = await store.addMirror(FULL);
      assert(Number.isInteger(id) && id > 0);
      assertEquals(await store.mirror(id), { ...FULL, id, ...INITIAL_STATE });
      for (const allowRedirects of [null, false, true]) {
        const mirror = sampleMirror(`redirects-${allowRedirects}`, { allowRedirects });
        const other = await store.addMirror(mirror);
        assertEquals(await store.mirror(other), { ...mirror, id: other, ...INITIAL_STATE });
      }
    },
  },
  {
    name: "mirrors() gives them by ID",
    run: async ({ store }) => {
      const ids: number[] = [];
      for (let i = 0; i < 12; i++) ids.push(await store.addMirror(sampleMirror(`m${12 - i}`)));
      const mirrors = await store.mirrors();
      assertEquals(mirrors.map((mirror) => mirror.id), ids);
      assertEquals(ids, [...ids].sort((a, b) => a - b));
      assertEquals(mirrors.map((mirror) => mirror.name), ids.map((_, i) => `m${12 - i}`));
    },
  },
  {
    name: "addMirror() refuses a name that is taken, and only exactly that name",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("Mirror"));
      const error = await assertRejects(() => store.addMirror(fullNamed("Mirror")), NameTakenError);
      assertEquals((error as NameTakenError).mirrorName, "Mirror");
      assertEquals((await store.mirrors()).map((mirror) => mirror.id), [id]);
      await store.addMirror(sampleMirror("mirror"));
      await store.addMirror(sampleMirror("Mirro"));
      assertEquals((await store.mirrors()).map((m) => m.name), ["Mirror", "mirror", "Mirro"]);
    },
  },
  {
    name: "addMirror() at the same time gives one of two equal names and different IDs",
    run: async ({ store }) => {
      const results = await Promise.allSettled(
        ["a", "b", "a", "c"].map((name) => store.addMirror(sampleMirror(name))),
      );
      const ids = results.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
      assertEquals(new Set(ids).size, 3);
      assertEquals((await store.mirrors()).map((mirror) => mirror.name).sort(), ["a", "b", "c"]);
    },
  },
  {
    name: "updateMirror() replaces the configuration and leaves the state",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("plain"));
      await store.updateMirrorState(id, STATE);
      await store.updateMirror({ ...FULL, id });
      assertEquals(await store.mirror(id), { ...FULL, id, ...STATE });
      const plain = sampleMirror("full", { allowRedirects: null });
      await store.updateMirror({ ...plain, id });
      assertEquals(await store.mirror(id), { ...plain, id, ...STATE });
    },
  },
  {
    name: "updateMirror() renames, frees the old name and refuses a taken one",
    run: async ({ store }) => {
      const first = await store.addMirror(sampleMirror("first"));
      const second = await store.addMirror(sampleMirror("second"));
      await assertRejects(
        () => store.updateMirror({ ...fullNamed("second"), id: first }),
        NameTakenError,
      );
      assertEquals(await store.mirror(first), {
        ...sampleMirror("first"),
        id: first,
        ...INITIAL_STATE,
      });
      await store.updateMirror({ ...sampleMirror("FIRST"), id: first });
      await store.updateMirror({ ...sampleMirror("first"), id: second });
      const third = await store.addMirror(sampleMirror("second"));
      assertEquals(
        (await store.mirrors()).map((mirror) => [mirror.id, mirror.name]),
        [[first, "FIRST"], [second, "first"], [third, "second"]],
      );
    },
  },
  {
    name: "updateMirrorState() changes only what is given",
    run: async ({ store }) => {
      const mirror = sampleMirror("m");
      const id = await store.addMirror(mirror);
      await store.updateMirrorState(id, STATE);
      assertEquals(await store.mirror(id), { ...mirror, id, ...STATE });
      await store.updateMirrorState(id, {});
      assertEquals(await store.mirror(id), { ...mirror, id, ...STATE });
      await store.updateMirrorState(id, { httpsUp: true, httpsDownReason: "" });
      await store.updateMirrorState(id, { lastModTime: null, stateSince: null, timeZoneOffset: 0 });
      await store.updateMirrorState(id, { lastSuccessfulSyncProtocol: "rsync" });
      await store.updateMirrorState(id, { lastSuccessfulSyncPrecision: 1000 });
      assertEquals(await store.mirror(id), {
        ...mirror,
        id,
        ...STATE,
        httpsUp: true,
        httpsDownReason: "",
        lastModTime: null,
        stateSince: null,
        timeZoneOffset: 0,
        lastSuccessfulSyncProtocol: "rsync",
        lastSuccessfulSyncPrecision: 1000,
      });
      for (const [key, value] of Object.entries(INITIAL_STATE)) {
        await store.updateMirrorState(id, { [key]: value });
      }
      assertEquals(await store.mirror(id), { ...mirror, id, ...INITIAL_STATE });
    },
  },
  {
    name: "enableMirror() sets only that",
    run: async ({ store }) => {
      const id = await store.addMirror({ ...FULL, enabled: false });
      await store.updateMirrorState(id, STATE);
      await store.enableMirror(id, true);
      assertEquals(await store.mirror(id), { ...FULL, id, ...STATE, enabled: true });
      await store.enableMirror(id, true);
      await store.enableMirror(id, false);
      assertEquals(await store.mirror(id), { ...FULL, id, ...STATE, enabled: false });
    },
  },
  {
    name: "a mirror that does not exist is refused, except its state",
    run: async ({ store }) => {
      const id = await store.addMirror(sampleMirror("gone"));
      await store.removeMirror(id);
      for (const missing of [id, id + 1000]) {
        assertEquals(await store.mirror(missing), null);
        await assertRejects(() => store.updateMirror({ ...FULL, id: missing }), NoSuchMirrorError);
        await assertRejects(() => store.enableMirror(missing, true), NoSuchMirrorError);
        await assertRejects(() => store.removeMirror(missing), NoSuchMirrorError);
        await store.updateMirrorState(missing, { httpUp: true });
        assertEquals(await store.mirror(missing), null);
      }
      assertEquals(await store.mirrors(), []);
    },
  },
  {
    name: "removeMirror() drops copies and events, keeps counters, frees the name",
    run: async ({ store }) => {
      const file = sampleFile("/shared");
      const first = await store.addMirror(sampleMirror("first"));
      const second = await store.addMirror(sampleMirror("second"));
      await addFiles(store, file);
      await addCopies(store, first, listed("/shared"), listed("/only first"));
      await addCopies(store, second, listed("/shared"));
      await store.addEvent({ type: "added", mirrorId: first, time: TIME });
      await store.addEvent({ type: "added", mirrorId: second, time: TIME });
      await store.addDownloads({
        day: "2026-11-22",
        files: new Map([["/shared", 1]]),
        mirrors: new Map([[first, { downloads: 1, bytes: 1234 }]]),
      });
      await store.removeMirror(first);
      assertEquals((await store.mirrors()).map((mirror) => mirror.name), ["second"]);
      assertEquals(
        await store.lookup("/shared"),
        indexed(file, { mirrorId: second, size: 1234, modTime: TIME }),
      );
      assertEquals(await allCopies(store, first), []);
      assertEquals(await store.events(first, 10), []);
      assertEquals((await store.events(second, 10)).length, 1);
      assertEquals(await store.sharedFile(first, () => 0.5), null);
      assertEquals(
        await store.mirrorDownloads([""]),
        new Map([[first, { downloads: 1, bytes: 1234 }]]),
      );
      const again = await store.addMirror(sampleMirror("first"));
      assertEquals(await allCopies(store, again), []);
      assertEquals(await store.events(again, 10), []);
    },
  },
  {
    name: "IDs are never used again",
    run: async ({ store }) => {
      const seen = new Set<number>();
      for (let i = 0; i < 4; i++) {
        const id = await store.addMirror(sampleMirror("same"));
        assert(!seen.has(id));
        seen.add(id);
        await store.removeMirror(id);
      }
    },
  },
];

function fullNamed(name: string): typeof FULL {
  return { ...FULL, name };
}
