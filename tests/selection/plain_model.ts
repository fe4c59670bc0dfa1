import type { MirrorRecord } from "../../lib/catalog/mirror_state.ts";
import type { RulePattern } from "../../lib/catalog/rule_pattern.ts";
import type { SelectionRule } from "../../lib/catalog/selection_rule.ts";
import { distanceBetween, positionOf } from "../../lib/geo/distance.ts";
import type { GeoRecord } from "../../lib/geo/geo_record.ts";
import type { SelectionOptions } from "../../lib/selection/selection_options.ts";

/** A configuration and a client of it, whole. */
export interface World {
  readonly mirrors: readonly MirrorRecord[];
  readonly rules: readonly SelectionRule[];
  readonly options: SelectionOptions;
  /** What quotas leave, by mirror ID. */
  readonly quotas: ReadonlyMap<number, number>;
  /** IPv4. */
  readonly address: string;
  readonly place: GeoRecord | null;
}

/** What the specification says of it. */
export interface Expected {
  /** Type of the reason that leaves a mirror out, by ID; `null`: none. */
  readonly reasons: ReadonlyMap<number, string | null>;
  /** IDs of those that may serve, best first. */
  readonly order: readonly number[];
  /** Percent by ID, of those in the draw. */
  readonly shares: ReadonlyMap<number, number>;
}

interface Candidate {
  readonly mirror: MirrorRecord;
  readonly prefix: number;
  readonly group: string;
  readonly quota: number;
  distance: number;
  score: number;
}

/**
 * Chooses as the specification says, sentence by sentence: slow, and with nothing of the program's but
 * the distance of two points.
 */
export function plainModel(world: World): Expected {
  const { mirrors, place } = world;
  const located = place !== null && place.located;
  const reasons = new Map<number, string | null>(
    mirrors.map((mirror) => [mirror.id, reasonOf(mirror, world)]),
  );
  const candidates = mirrors.filter(({ id }) => reasons.get(id) === null)
    .map((mirror): Candidate => ({
      mirror,
      // Who is down for the client is no better for being in its network.
      prefix: groupOf(mirror, world) === "behind" ? -1 : ownPrefix(mirror, world.address),
      group: groupOf(mirror, world),
      quota: world.quotas.get(mirror.id) ?? 1,
      distance: located
        ? distanceBetween(
          positionOf(place.latitude, place.longitude),
          positionOf(mirror.latitude, mirror.longitude),
        )
        : 0,
      score: 0,
    }));
  const placed = candidates.filter(({ mirror }) => !mirror.global);
  const nearest = placed.length === 0 ? 0 : Math.min(...placed.map(({ distance }) => distance));
  for (const one of candidates) if (one.mirror.global) one.distance = nearest;

  const longest = Math.max(-1, ...candidates.map(({ prefix }) => prefix));
  const own = longest < 0 ? [] : candidates.filter(({ prefix }) => prefix === longest);
  const monopoly = candidates.some(({ mirror, prefix }) => mirror.monopoly && prefix >= 0);
  const rest = candidates.filter((one) => !own.includes(one) && (!monopoly || one.prefix >= 0));
  for (const one of candidates) {
    if (!own.includes(one) && !rest.includes(one)) reasons.set(one.mirror.id, "monopoly");
  }
  const groups = [
    own,
    ...["first", "usual", "last", "behind"].map((name) =>
      rest.filter(({ group }) => group === name)
    ),
  ].filter((group) => group.length > 0);
  const [group, ...later] = groups;
  if (group === undefined) return { reasons, order: [], shares: new Map() };
  const others = later.flatMap((one) => ranked(one, world));
  const next = others.filter((one) => one.group === "first" || one.group === "usual");
  const isOwn = group === own;

  if (isOwn) { for (const one of group) one.score = Math.max(1, 100 + one.mirror.score); }
  const sorted = isOwn
    ? group.toSorted((a, b) => b.score - a.score || a.mirror.id - b.mirror.id)
    : ranked(group, world);
  const weights = new Map<Candidate, number>();
  let joiners = next;
  if (isOwn) { for (const one of group) weights.set(one, one.score); }
  else if (!located) { for (const one of group) weights.set(one, one.quota || 1); }
  else {
    const base = Math.trunc(Math.max(...group.map(({ distance }) => distance)));
    for (const one of group) {
      if (one.score > base) weights.set(one, (one.score - base) * (one.quota || 1));
    }
    if (weights.size === 0 && sorted[0]!.mirror.maxShare > 0) weights.set(sorted[0]!, 1);
    joiners = [...sorted.filter((one) => !weights.has(one)), ...next];
  }
  byBandwidth(weights);
  const shares = sharesOf(weights, joiners);
  if (shares.size < 2) shares.clear();
  if (shares.size === 0) shares.set(sorted[0]!, 100);
  const joined = isOwn ? [...weights.keys()].filter((one) => !group.includes(one)) : [];
  const order = [...new Set([...sorted, ...joined, ...others])];
  return {
    reasons,
    order: order.map(({ mirror }) => mirror.id),
    shares: new Map([...shares].map(([{ mirror }, share]) => [mirror.id, share])),
  };
}

/** By score, the same by ID; a client without a place has no scores. */
function ranked(group: readonly Candidate[], { place, options }: World): Candidate[] {
  if (place === null || !place.located) return [...group];
  const distances = group.map(({ distance }) => distance);
  const [closest, base] = [Math.min(...distances), Math.trunc(Math.max(...distances))];
  for (const one of group) {
    const { mirror, distance } = one;
    const inRange = distance <= closest * options.weightDistributionRange;
    if (!options.geographicalSort) {
      one.score = inRange ? base + Math.max(1, 100 + mirror.score) : base - Math.trunc(distance);
      continue;
    }
    const country = mirror.global || place.countryCode === "" ? null : place.countryCode;
    const first = mirror.countryCodes[0] === country;
    let score = base - Math.trunc(distance) + 1;
    if (inRange) score += Math.trunc(first ? base - distance : (base - distance) / 2);
    else if (first) score += Math.max(0, Math.trunc(base - 5 * distance));
    else if (country !== null && mirror.countryCodes.includes(country)) {
      score += Math.trunc(base - closest);
    }
    if (!mirror.global && hasAs(mirror, place.asNumber)) score += Math.trunc(base / 2);
    one.score = Math.max(1, Math.trunc(score * (100 + mirror.score) / 100 + 0.5));
  }
  return group.toSorted((a, b) => b.score - a.score || a.mirror.id - b.mirror.id);
}

function byBandwidth(weights: Map<Candidate, number>): void {
  const known = [...weights.keys()].map(({ mirror }) => mirror.bandwidth).filter((one) => one > 0)
    .sort((a, b) => a - b);
  if (known.length === 0) return;
  const half = known.length / 2;
  const median = known.length % 2 === 1
    ? known[Math.floor(half)]!
    : (known[half - 1]! + known[half]!) / 2;
  for (const [one, weight] of weights) {
    if (one.mirror.bandwidth === 0) continue;
    weights.set(one, weight * Math.min(10, Math.max(0.1, one.mirror.bandwidth / median)));
  }
}

/** Nobody gets more than its limit: whoever would is set to it, one by one, and the rest shared anew. */
function sharesOf(
  weights: Map<Candidate, number>,
  joiners: readonly Candidate[],
): Map<Candidate, number> {
  const limit = ({ mirror }: Candidate): number => mirror.maxShare || 100;
  const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);
  if ([...weights.keys()].some(({ mirror }) => mirror.maxShare > 0)) {
    for (const one of joiners) {
      if (sum([...weights.keys()].map(limit)) >= 100) break;
      weights.set(one, 1);
    }
  }
  const all = [...weights.keys()];
  const whole = sum(all.map(limit));
  if (whole < 100) return new Map(all.map((one) => [one, limit(one) * 100 / whole]));
  const bound = new Set<Candidate>();
  for (;;) {
    const free = all.filter((one) => !bound.has(one));
    const left = 100 - sum([...bound].map(limit));
    const weight = sum(free.map((one) => weights.get(one)!));
    const shares = new Map(all.map((one) => [
      one,
      bound.has(one) ? limit(one) : left * weights.get(one)! / weight,
    ]));
    const above = free.filter((one) => shares.get(one)! > limit(one) + 1e-9);
    if (above.length === 0) return shares;
    for (const one of above) bound.add(one);
  }
}

/** The first reason that counts. */
function reasonOf(mirror: MirrorRecord, world: World): string | null {
  const { address, place, quotas, options } = world;
  if (!mirror.enabled) return "disabled";
  if (!mirror.httpUp) return "down_not_https"; // They offer nothing else.
  const own = ownPrefix(mirror, address) >= 0;
  if (mirror.networksOnly && !own) return "networks";
  if (options.ipFamilies !== "ignore" && mirror.families !== null) {
    const { state } = mirror.families.ipv4;
    if (state === "none" || (options.ipFamilies === "strict" && state === "down")) return "family";
  }
  if (treatment(mirror, world) === "never") return "rule";
  if (own) return null;
  if (quotas.get(mirror.id) === 0) return "quota";
  const { countryCode = "", continentCode = "", asNumber = 0 } = place ?? {};
  if (mirror.continentOnly && (continentCode === "" || mirror.continentCode !== continentCode)) {
    return "continent";
  }
  if (mirror.countryOnly && (countryCode === "" || !mirror.countryCodes.includes(countryCode))) {
    return "country";
  }
  if (mirror.asOnly && !hasAs(mirror, asNumber)) return "as";
  return countryCode !== "" && mirror.excludedCountryCodes.includes(countryCode)
    ? "excluded_country"
    : null;
}

function groupOf(mirror: MirrorRecord, world: World): string {
  const down = mirror.families?.ipv4.state === "down";
  if (world.options.ipFamilies === "prefer" && down) return "behind";
  const use = treatment(mirror, world);
  return use === "first" || use === "last" ? use : "usual";
}

/** The first rule about this client that names the mirror; an `only` keeps those away that it does not. */
function treatment(mirror: MirrorRecord, world: World): string | null {
  const about = world.rules.filter(({ client }) =>
    client.some((pattern) => clientMatches(pattern, world))
  );
  const first = about.find((rule) => rule.mirror.some((pattern) => mirrorMatches(pattern, mirror)));
  if (first?.use === "never" || first?.use === "only") return first.use;
  return about.some(({ use }) => use === "only") ? "never" : first?.use ?? null;
}

function clientMatches(pattern: RulePattern, { address, place, mirrors }: World): boolean {
  switch (pattern.type) {
    case "any":
      return true;
    case "country":
      return place?.countryCode === pattern.code;
    case "continent":
      return place?.continentCode === pattern.code;
    case "as":
      return place?.asNumber === pattern.number;
    case "network":
      return prefixIfIn(pattern.network, address) >= 0;
    default:
      return mirrors.some((mirror) =>
        mirrorMatches(pattern, mirror) && ownPrefix(mirror, address) >= 0
      );
  }
}

function mirrorMatches(pattern: RulePattern, mirror: MirrorRecord): boolean {
  switch (pattern.type) {
    case "any":
      return true;
    case "country":
      return mirror.countryCodes[0] === pattern.code;
    case "continent":
      return mirror.continentCode === pattern.code;
    case "as":
      return hasAs(mirror, pattern.number);
    case "tag":
      return mirror.tags.includes(pattern.tag);
    case "name":
      return new RegExp(`^${pattern.glob.replaceAll("*", ".*")}$`).test(mirror.name);
    case "network":
      return false;
  }
}

function hasAs({ asNumber, asNumbers }: MirrorRecord, number: number): boolean {
  return number !== 0 && (asNumber === number || asNumbers.includes(number));
}

function ownPrefix({ networks }: MirrorRecord, address: string): number {
  return Math.max(-1, ...networks.map((network) => prefixIfIn(network, address)));
}

/** Bit by bit. */
function prefixIfIn(network: string, address: string): number {
  const [base = "", length = "32"] = network.split("/");
  const same = bitsOf(base).slice(0, Number(length)) === bitsOf(address).slice(0, Number(length));
  return same ? Number(length) : -1;
}

function bitsOf(address: string): string {
  return address.split(".").map((byte) => Number(byte).toString(2).padStart(8, "0")).join("");
}
