import { assertEquals } from "@std/assert";
import type { FileCopy, SourceFile } from "../../lib/catalog/file.ts";
import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import type { ExclusionReason } from "../../lib/selection/exclusion_reason.ts";
import { formatHistory } from "../../lib/catalog/set_state.ts";
import { requirementsOf } from "../../lib/selection/exclude.ts";
import { prepareMirror } from "../../lib/selection/prepare_mirror.ts";
import { select } from "../../lib/selection/select.ts";
import { Trees } from "../../lib/selection/tree.ts";
import type { SelectionOptions } from "../../lib/selection/selection_options.ts";
import {
  clientRecord,
  clientWithoutPlace,
  FILE,
  FILE_TIME,
  mirrorRecord,
  OPTIONS,
  requestFor,
} from "./fixtures.ts";

interface Case {
  readonly what: string;
  readonly mirror?: Partial<MirrorRecord>;
  readonly copy?: Partial<FileCopy>;
  readonly file?: Partial<SourceFile>;
  readonly client?: GeoRecord | null;
  readonly options?: Partial<SelectionOptions>;
  readonly expected: ExclusionReason | null;
}

const MINUTE = 60_000;

const DISABLED: ExclusionReason = { type: "disabled" };
const SIZE: ExclusionReason = { type: "size" };
const NOT_CARRIED: ExclusionReason = { type: "not_carried" };
const CONTINENT: ExclusionReason = { type: "continent" };
const COUNTRY: ExclusionReason = { type: "country" };
const AS: ExclusionReason = { type: "as" };
const EXCLUDED_COUNTRY: ExclusionReason = { type: "excluded_country" };

function time(difference: number): ExclusionReason {
  return { type: "time", difference };
}

function outdated(prefix: string, minutes: number): Partial<SelectionOptions> {
  return { allowOutdatedFiles: [{ prefix, minutes }] };
}

const CASES: readonly Case[] = [
  { what: "nothing wrong", expected: null },
  // Disabled comes first.
  {
    what: "disabled, down, and with a wrong copy",
    mirror: { enabled: false, httpUp: false, httpDownReason: "Unreachable" },
    copy: { size: 1 },
    expected: DISABLED,
  },
  {
    what: "down with a wrong copy",
    mirror: { httpUp: false, httpDownReason: "Unreachable" },
    copy: { size: 1 },
    expected: { type: "down_not_https", detail: "Unreachable" },
  },

  {
    what: "outside of what is carried on purpose, and with a wrong copy",
    mirror: { paths: ["/carried/"] },
    copy: { size: 1 },
    expected: NOT_CARRIED,
  },
  {
    what: "outside, on a mirror that is down",
    mirror: { paths: ["/carried/"], httpUp: false, httpDownReason: "Unreachable" },
    expected: { type: "down_not_https", detail: "Unreachable" },
  },
  { what: "within what is carried", mirror: { paths: ["/other/", "/"] }, expected: null },
  {
    what: "an exception from what is carried",
    mirror: { paths: ["/", `!${FILE.path}`] },
    expected: NOT_CARRIED,
  },

  { what: "another size", copy: { size: 999 }, expected: SIZE },
  { what: "another size and time", copy: { size: 999, modTime: 0 }, expected: SIZE },
  { what: "an empty copy of an empty file", copy: { size: 0 }, file: { size: 0 }, expected: null },

  // 15:04:05.678 and 15:04:05 within the second.
  { what: "another fraction of the second", copy: { modTime: FILE_TIME - 678 }, expected: null },
  { what: "the next second", copy: { modTime: FILE_TIME + 322 }, expected: time(-1000) },
  { what: "ten seconds older", copy: { modTime: FILE_TIME - 10_000 }, expected: time(10_000) },
  { what: "ten seconds newer", copy: { modTime: FILE_TIME + 10_000 }, expected: time(-10_000) },
  { what: "an hour older", copy: { modTime: FILE_TIME - 60 * MINUTE }, expected: time(3_600_000) },
  { what: "an unknown time", copy: { modTime: null }, expected: null },
  { what: "an unknown time at the source", file: { modTime: null }, expected: null },
  {
    what: "another millisecond, listed to the millisecond",
    mirror: { lastSuccessfulSyncPrecision: 1 },
    copy: { modTime: FILE_TIME - 1 },
    expected: time(1),
  },
  {
    what: "another millisecond, never listed before",
    mirror: { lastSuccessfulSyncPrecision: 0 },
    copy: { modTime: FILE_TIME + 1 },
    expected: time(-1),
  },
  {
    // Both are cut to 15:04.
    what: "other seconds, listed to the minute",
    mirror: { lastSuccessfulSyncPrecision: MINUTE },
    copy: { modTime: FILE_TIME - 5_000 },
    expected: null,
  },
  {
    // −0.5 s is in the second before 0, 0.4 s in the one after.
    what: "times on both sides of 1970",
    copy: { modTime: -500 },
    file: { modTime: 400 },
    expected: time(1000),
  },
  {
    // −1.5 s and −1.2 s are both in the second that starts at −2 s.
    what: "times before 1970",
    copy: { modTime: -1500 },
    file: { modTime: -1200 },
    expected: null,
  },

  {
    what: "two hours late, corrected",
    mirror: { timeZoneOffset: 120 * MINUTE },
    copy: { modTime: FILE_TIME - 120 * MINUTE },
    options: { fixTimezoneOffsets: true },
    expected: null,
  },
  {
    what: "two hours late, not to be corrected",
    mirror: { timeZoneOffset: 120 * MINUTE },
    copy: { modTime: FILE_TIME - 120 * MINUTE },
    expected: time(7_200_000),
  },
  {
    what: "right before the correction",
    mirror: { timeZoneOffset: -60 * MINUTE },
    options: { fixTimezoneOffsets: true },
    expected: time(3_600_000),
  },
  {
    // 05.678 + 0.4 = 06.078: the offset is added before the time is cut.
    what: "an offset of less than the precision",
    mirror: { timeZoneOffset: 400 },
    options: { fixTimezoneOffsets: true },
    expected: time(-1000),
  },

  {
    what: "off by the tolerance, behind",
    copy: { modTime: FILE_TIME - 2000 },
    options: { tolerance: 2000 },
    expected: null,
  },
  {
    what: "off by the tolerance, ahead",
    copy: { modTime: FILE_TIME + 2000 },
    options: { tolerance: 2000 },
    expected: null,
  },
  {
    what: "off by more than the tolerance",
    copy: { modTime: FILE_TIME + 3000 },
    options: { tolerance: 2000 },
    expected: time(-3000),
  },
  {
    what: "the mirror's tolerance, larger",
    mirror: { tolerance: 3000 },
    copy: { modTime: FILE_TIME + 3000 },
    options: { tolerance: 2000 },
    expected: null,
  },
  {
    what: "the mirror's tolerance, none",
    mirror: { tolerance: 0 },
    copy: { modTime: FILE_TIME - 1000 },
    options: { tolerance: 2000 },
    expected: time(1000),
  },
  {
    what: "ahead by the tolerance, where copies may be old",
    copy: { modTime: FILE_TIME + 2000 },
    options: { ...outdated("/pool/", 10), tolerance: 2000 },
    expected: null,
  },
  {
    what: "sizes alone are compared",
    mirror: { compare: "size" },
    copy: { modTime: FILE_TIME + 3_600_000 },
    expected: null,
  },
  {
    what: "sizes alone are compared, and differ",
    mirror: { compare: "size" },
    copy: { size: 1 },
    expected: { type: "size" },
  },

  {
    what: "old by what is allowed",
    copy: { modTime: FILE_TIME - 10 * MINUTE },
    options: outdated("/pool/", 10),
    expected: null,
  },
  {
    what: "older than what is allowed",
    copy: { modTime: FILE_TIME - 10 * MINUTE - 1000 },
    options: outdated("/pool/", 10),
    expected: time(601_000),
  },
  {
    what: "newer, where old ones are allowed",
    copy: { modTime: FILE_TIME + 1000 },
    options: outdated("/pool/", 10),
    expected: time(-1000),
  },
  {
    what: "any size, where old ones are allowed",
    copy: { size: 1, modTime: FILE_TIME - MINUTE },
    options: outdated("/pool/", 10),
    expected: null,
  },
  {
    what: "any size, where no age is allowed",
    copy: { size: 1 },
    options: outdated("/pool/", 0),
    expected: null,
  },
  {
    what: "old ones allowed elsewhere",
    copy: { size: 1 },
    options: outdated("/dists/", 10),
    expected: SIZE,
  },
  {
    what: "the first prefix that matches, not the best",
    copy: { modTime: FILE_TIME - MINUTE },
    options: {
      allowOutdatedFiles: [
        { prefix: "/dists/", minutes: 60 },
        { prefix: "/", minutes: 0 },
        { prefix: "/pool/", minutes: 60 },
      ],
    },
    expected: time(60_000),
  },

  { what: "ContinentOnly, there", mirror: { continentOnly: true }, expected: null },
  {
    what: "ContinentOnly, elsewhere",
    mirror: { continentOnly: true, continentCode: "AS" },
    expected: CONTINENT,
  },
  {
    what: "ContinentOnly, client unknown",
    mirror: { continentOnly: true },
    client: null,
    expected: CONTINENT,
  },
  {
    what: "ContinentOnly, place unknown",
    mirror: { continentOnly: true },
    client: clientWithoutPlace(64500),
    expected: CONTINENT,
  },
  {
    what: "ContinentOnly, both unknown",
    mirror: { continentOnly: true, continentCode: "" },
    client: clientRecord({ continentCode: "" }),
    expected: CONTINENT,
  },

  {
    what: "CountryOnly, first country",
    mirror: { countryOnly: true, countryCodes: ["FR"] },
    expected: null,
  },
  {
    what: "CountryOnly, other country",
    mirror: { countryOnly: true, countryCodes: ["DE", "AT", "FR"] },
    expected: null,
  },
  { what: "CountryOnly, elsewhere", mirror: { countryOnly: true }, expected: COUNTRY },
  {
    what: "CountryOnly, client unknown",
    mirror: { countryOnly: true, countryCodes: [""] },
    client: null,
    expected: COUNTRY,
  },
  {
    what: "CountryOnly, place unknown",
    mirror: { countryOnly: true, countryCodes: [""] },
    client: clientWithoutPlace(64500),
    expected: COUNTRY,
  },
  {
    what: "ContinentOnly and CountryOnly, elsewhere",
    mirror: { continentOnly: true, continentCode: "AS", countryOnly: true },
    expected: CONTINENT,
  },

  {
    what: "ASOnly, there",
    mirror: { asOnly: true, asNumber: 64500 },
    client: clientRecord({ asNumber: 64500 }),
    expected: null,
  },
  {
    what: "ASOnly, there, place unknown",
    mirror: { asOnly: true, asNumber: 64500 },
    client: clientWithoutPlace(64500),
    expected: null,
  },
  {
    what: "ASOnly, one of the further numbers",
    mirror: { asOnly: true, asNumber: 64500, asNumbers: [64502, 64501] },
    client: clientRecord({ asNumber: 64501 }),
    expected: null,
  },
  {
    what: "ASOnly, none of the numbers",
    mirror: { asOnly: true, asNumber: 64500, asNumbers: [64502, 64501] },
    client: clientRecord({ asNumber: 64503 }),
    expected: AS,
  },
  {
    what: "ASOnly, a further number, both AS unknown",
    mirror: { asOnly: true, asNumber: 0, asNumbers: [0, 64501] },
    expected: AS,
  },
  {
    what: "ASOnly, elsewhere",
    mirror: { asOnly: true, asNumber: 64500 },
    client: clientRecord({ asNumber: 64501 }),
    expected: AS,
  },
  {
    what: "ASOnly, client unknown",
    mirror: { asOnly: true, asNumber: 64500 },
    client: null,
    expected: AS,
  },
  { what: "ASOnly, both AS unknown", mirror: { asOnly: true, asNumber: 0 }, expected: AS },
  {
    what: "ASOnly, both AS and the client unknown",
    mirror: { asOnly: true, asNumber: 0 },
    client: null,
    expected: AS,
  },

  {
    what: "an excluded country",
    mirror: { excludedCountryCodes: ["CN", "FR"] },
    expected: EXCLUDED_COUNTRY,
  },
  {
    what: "an excluded country that is its own",
    mirror: { countryCodes: ["FR"], countryOnly: true, excludedCountryCodes: ["FR"] },
    expected: EXCLUDED_COUNTRY,
  },
  { what: "other excluded countries", mirror: { excludedCountryCodes: ["CN"] }, expected: null },
  {
    what: "excluded countries, client unknown",
    mirror: { excludedCountryCodes: ["FR", ""] },
    client: null,
    expected: null,
  },
];

for (const { what, mirror, copy, file, client, options, expected } of CASES) {
  Deno.test(`select() excludes: ${what}`, () => {
    const record = mirrorRecord(7, mirror);
    const ownCopy = { mirrorId: 7, size: FILE.size, modTime: FILE_TIME, ...copy };
    const ownFile = { ...FILE, ...file };
    if (file?.size !== undefined) ownCopy.size = copy?.size ?? file.size;
    const request = requestFor(
      [record],
      {
        client: client === undefined ? clientRecord() : client,
        options: { ...OPTIONS, ...options },
      },
      [ownCopy],
      ownFile,
    );
    const { candidates, excluded, fallback } = select(request);
    assertEquals(excluded.map(({ reason }) => reason), expected === null ? [] : [expected]);
    assertEquals(candidates.map(({ mirror }) => mirror), expected === null ? [record] : []);
    assertEquals(fallback, false);
  });
}

Deno.test("select() tells a client first of what it does not want, and then of what a mirror does not offer it", () => {
  const wishes = { avoid: ["m1"], mirror: null, country: null, asker: null };
  const reasonOf = (
    changes: Partial<MirrorRecord>,
    quota = 1,
    wanted = false,
  ): string | undefined => {
    const record = mirrorRecord(1, changes);
    const request = requestFor([record], {
      client: clientRecord(),
      wishes: wanted ? { ...wishes, avoid: ["m2"] } : wishes,
    });
    const mirrors = new Map([[1, prepareMirror(record, undefined, quota)]]);
    return select({ ...request, mirrors }).excluded[0]?.reason.type;
  };
  const offers: [Partial<MirrorRecord>, quota: number, type: string][] = [
    [{}, 0, "quota"],
    [{ continentOnly: true, continentCode: "AS" }, 1, "continent"],
    [{ countryOnly: true }, 1, "country"],
    [{ asOnly: true, asNumber: 7 }, 1, "as"],
    [{ excludedCountryCodes: ["FR"] }, 1, "excluded_country"],
  ];
  for (const [changes, quota, type] of offers) {
    assertEquals([reasonOf(changes, quota), reasonOf(changes, quota, true)], ["avoided", type]);
  }
  assertEquals(reasonOf({ enabled: false }), "disabled");
});

Deno.test("what may be outdated below a prefix may not where a metadata set says what fits together", () => {
  const options = { ...OPTIONS, allowOutdatedFiles: [{ prefix: "/pool/", minutes: 60 }] };
  const root = "/pool/InRelease";
  const rule = { root, below: "/pool/", immutable: ["*.iso"], maxBehind: 0, quorum: 50 };
  const trees = new Trees({ stableDraw: [], metadataSets: [rule] }, 0);
  const revision = { number: 1, size: 1, modTime: 0, sha256: "", time: 0 };
  trees.takeSets(
    new Map([[root, formatHistory({ revisions: [revision], former: new Map() })]]),
    null,
  );
  const allowed = (tree: ReturnType<typeof trees.of>): unknown[] => {
    const { anySize, allowedAge, set } = requirementsOf(FILE, "any", options, tree);
    return [anySize, allowedAge, set];
  };
  assertEquals(allowed(null), [true, 60 * MINUTE, null]);
  // It is no name that is bound to a revision, and belongs to the set all the same.
  assertEquals(allowed(trees.of(FILE.path)), [false, 0, null]);
});
