import type { AskedFile } from "../../catalog/asked_file.ts";
import { networkAround } from "../../net/network_around.ts";
import type { ExplainedMirror } from "../../selection/explain.ts";
import type { Explained } from "../request/explained.ts";
import type { Answer } from "./answer.ts";
import { exclusionText } from "./exclusion_text.ts";
import { NO_SNIFF, NOT_CACHED } from "./headers.ts";
import { rfc3339 } from "./rfc3339.ts";

/** Why a request is answered as it is, as JSON; `GET /api/v1/explain` gives the same. */
export interface ExplanationJson {
  readonly path: string;
  readonly size: number;
  /** ISO 8601; `null`: not known. */
  readonly modTime: string | null;
  readonly client: {
    readonly address: string | null;
    /** 4 or 6, where that counts. */
    readonly family: 4 | 6 | null;
    /** The narrowest network of mirrors or rules that it lies in; `null`: none. */
    readonly network: string | null;
    readonly countryCode: string;
    readonly country: string;
    readonly continentCode: string;
    readonly city: string;
    /** Degrees; `null`: its place is not known. */
    readonly latitude: number | null;
    readonly longitude: number | null;
    /** 0: not known. */
    readonly asNumber: number;
    readonly asName: string;
    /** Names of what tells that. */
    readonly databases: string[];
    /** Status that it is refused with; `null`: it is not. */
    readonly refused: number | null;
  };
  readonly seed: number;
  /** Whether the address takes the place of chance, so that the seed is of no account. */
  readonly stable: boolean;
  readonly mirrors: ExplainedMirrorJson[];
  /** Names of enabled mirrors without the file. */
  readonly lacking: string[];
  /** What is known of the file on those that are never scanned. */
  readonly asked: readonly {
    readonly name: string;
    readonly state: AskedFile["state"] | "unasked";
    /** Since when. */
    readonly time: string | null;
    /** Why it counts as not there. */
    readonly why: string;
  }[];
  /** Who is chosen with that seed: who serves, and the alternatives. */
  readonly drawn: { readonly name: string; readonly url: string }[];
  readonly fallback: boolean;
}

/** What decided about one mirror. */
export interface ExplainedMirrorJson {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** 1 for the best; `null`: it may not serve. */
  readonly rank: number | null;
  readonly group: "own" | "first" | "usual" | "last" | "behind" | null;
  /** Kilometres; `null`: the client's place is not known. */
  readonly distance: number | null;
  /** Its own network that the client is in; `null`: none. */
  readonly network: string | null;
  /** What it is good for over the client's family of addresses; `null`: that does not count. */
  readonly family: "good" | "behind" | "never" | null;
  readonly rule: { readonly number: number; readonly use: string } | null;
  readonly score: number;
  /** What chance goes by; `null`: it is not in the draw. */
  readonly weight: number | null;
  /** Percent of clients like this one; `null`: it is not in the draw. */
  readonly share: number | null;
  /** Percent of its weight that its quotas leave. */
  readonly quota: number;
  readonly copy: {
    readonly size: number;
    readonly modTime: string | null;
    /** When the listing was made that says so. */
    readonly listed: string | null;
  };
  /** Why it may not serve; `null`: it may. */
  readonly reason: string | null;
}

/** Puts an explanation in the form of JSON. */
export function explanationJson(
  {
    indexed: { file },
    client,
    sources,
    refused,
    seed,
    stable,
    mirrors,
    lacking,
    asked,
    drawn,
    fallback,
  }: Explained,
): ExplanationJson {
  const { address, place, view } = client;
  const around = (length: number): string | null =>
    address === null || length < 0 ? null : networkAround(address, length);
  const located = place !== null && place.located;
  return {
    path: file.path.toWellFormed(),
    size: file.size,
    modTime: timeText(file.modTime),
    client: {
      address,
      family: view.family,
      network: around(view.network?.prefixLength ?? -1),
      countryCode: place?.countryCode ?? "",
      country: place?.country ?? "",
      continentCode: place?.continentCode ?? "",
      city: place?.city ?? "",
      latitude: located ? place.latitude : null,
      longitude: located ? place.longitude : null,
      asNumber: place?.asNumber ?? 0,
      asName: place?.asName ?? "",
      databases: [...sources],
      refused,
    },
    seed,
    stable,
    mirrors: mirrors.map((one, index) => mirrorJson(one, index + 1, located, around)),
    lacking: [...lacking],
    asked: asked.map(({ name, file: known }) => ({
      name,
      state: known?.state ?? "unasked",
      time: timeText(known?.time ?? null),
      why: known?.why ?? "",
    })),
    drawn: drawn.map(({ mirror, url }) => ({ name: mirror.name, url })),
    fallback,
  };
}

function mirrorJson(
  one: ExplainedMirror,
  rank: number,
  located: boolean,
  around: (length: number) => string | null,
): ExplainedMirrorJson {
  const { mirror, copy, rule, reason } = one;
  return {
    id: mirror.id,
    name: mirror.name,
    url: one.url,
    rank: reason === null ? rank : null,
    group: one.group,
    distance: located ? Math.round(one.distance * 10) / 10 : null,
    network: around(one.prefixLength),
    family: one.family,
    rule: rule === null ? null : { number: rule.rule, use: rule.use },
    score: one.score,
    weight: one.weight,
    share: one.share,
    quota: Math.round(one.quota * 100),
    copy: {
      size: copy.size,
      modTime: timeText(copy.modTime),
      listed: timeText(mirror.lastSuccessfulSync),
    },
    reason: reason === null ? null : exclusionText(reason),
  };
}

function timeText(time: number | null): string | null {
  return time === null || time === 0 ? null : rfc3339(time);
}

/** Answers with an explanation. */
export function renderExplanation(explained: Explained, pretty: boolean): Answer {
  return {
    status: 200,
    headers: [NOT_CACHED, ["Content-Type", "application/json; charset=utf-8"], NO_SNIFF],
    body: JSON.stringify(explanationJson(explained), null, pretty ? 4 : undefined),
    tagged: false,
    compressible: true,
  };
}
