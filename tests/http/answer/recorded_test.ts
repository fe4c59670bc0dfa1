import { assert, assertEquals } from "@std/assert";
import { clientRecord, mirrorRecord } from "../../selection/fixtures.ts";
import { Site } from "../fixtures.ts";
import recorded from "./recorded_answers.json" with { type: "json" };

/** A mirror of a JSON answer: name, URL, kilometres, score, and the reason that leaves it out. */
type Listed = readonly (string | number)[];

interface RecordedAnswer {
  readonly label: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly fallback?: boolean;
  readonly location?: string;
  readonly links?: readonly string[];
  readonly says?: Readonly<Record<string, string>>;
  readonly mirrors?: readonly Listed[];
  readonly excluded?: readonly Listed[];
  readonly body?: string;
}

const FALLBACKS = [
  { url: "http://fallback-se.invalid/repo/", countryCode: "SE", continentCode: "EU" },
  { url: "http://fallback-us.invalid/repo/", countryCode: "US", continentCode: "NA" },
  { url: "https://fallback-cn.invalid/repo/", countryCode: "CN", continentCode: "AS" },
];

/** The original takes two AS numbers that nobody knows for the same. */
const UNKNOWN_AS = 4_200_000_000;

/** What the original had when its answers were recorded, and nothing that it does not know. */
function site(fallback: boolean): Site {
  const mirrors = recorded.mirrors.map((mirror) =>
    mirrorRecord(mirror.id, { ...mirror, asNumber: mirror.asNumber || UNKNOWN_AS })
  );
  const made = new Site({
    mirrors: fallback ? [] : mirrors,
    config: {
      ipFamilies: "ignore",
      clientChoice: "none",
      hashes: { sha1: false, sha256: true, md5: true },
      fallbacks: fallback ? FALLBACKS : [],
    },
    files: recorded.files.map(({ copies, ...file }) => ({
      file: { ...file, sha1: "" },
      copies: copies.map(([mirrorId, size, modTime]) => ({
        mirrorId: mirrorId!,
        size: size!,
        modTime: modTime!,
      })),
    })),
  });
  const places = Object.entries(recorded.places)
    .map(([address, place]) => [
      address,
      clientRecord({ ...place, asNumber: place.asNumber || UNKNOWN_AS }),
    ]);
  made.side.receive({ type: "geoip", databases: Object.fromEntries(places) });
  return made;
}

function listed(mirrors: readonly Record<string, unknown>[] | null): Listed[] {
  return (mirrors ?? []).map((one) =>
    [one.Name, one.AbsoluteURL, one.Distance, one.ComputedScore, one.ExcludeReason]
      .filter((fact) => typeof fact === "string" || typeof fact === "number")
  );
}

/** The original computes distances with 24 bits: they may differ in the last place, and scores by one. */
function assertListed(found: readonly Listed[], expected: readonly Listed[]): void {
  const rough = ([name, url, distance, , ...why]: Listed): Listed => [
    ...[name!, url!, Math.round(Number(distance))],
    ...why,
  ];
  assertEquals(found.map(rough), expected.map(rough));
  found.forEach((one, i) => {
    const score = Number(expected[i]![3]);
    assert(Math.abs(Number(one[3]) - score) <= 1, `${one[0]}: ${one[3]} in place of ${score}`);
  });
}

/** Chance has put those of one draw in order: then they are the same in any. */
function inAnyOrder(mirrors: readonly Listed[]): Listed[] {
  return mirrors.toSorted((a, b) => a[0]! < b[0]! ? -1 : 1);
}

/** `<https://m6.example/README.txt>; rel=duplicate; pri=1; geo=de` without its place in the order. */
function withoutPlace(links: readonly string[]): string[] {
  return links.map((link) => link.replace(/ pri=\d+;/, ""));
}

/** What the original redirects though it was not asked for the file is refused here. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

for (const answer of recorded.answers as readonly RecordedAnswer[]) {
  if (!METHODS.has(answer.method)) continue;
  const { label, method, path, headers, status, fallback = false } = answer;
  Deno.test(`with nothing set the answer is the recorded one: ${label}`, async () => {
    const response = await site(fallback).get(path, { method, headers });
    assertEquals(response.status, status);
    assertEquals(response.headers.get("location") ?? undefined, answer.location);
    for (const [name, value] of Object.entries(answer.says ?? {})) {
      // Parameters are written in one way here.
      assertEquals(response.headers.get(name)?.toLowerCase(), value.toLowerCase(), name);
    }
    if (answer.links !== undefined) {
      const links = response.headers.get("link")!.split(", ").filter((one) =>
        one.includes("rel=duplicate")
      );
      // Fallbacks of one kind stand as chance has it.
      if (fallback) assertEquals(withoutPlace(links).sort(), withoutPlace(answer.links).sort());
      else assertEquals(links, answer.links);
    }
    if (answer.mirrors !== undefined) {
      const body = await response.json();
      assertListed(inAnyOrder(listed(body.MirrorList)), inAnyOrder(answer.mirrors));
      assertListed(listed(body.ExcludedList), answer.excluded ?? []);
    } else if (answer.body !== undefined && status === 200) {
      assertEquals((await response.text()).trimEnd(), answer.body.trimEnd());
    }
  });
}
