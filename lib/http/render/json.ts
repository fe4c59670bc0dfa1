import type { GeoRecord } from "../../geo/geo_record.ts";
import type { Candidate, Exclusion } from "../../selection/selection.ts";
import type { Answer } from "./answer.ts";
import { exclusionText } from "./exclusion_text.ts";
import { type Header, NO_SNIFF, NOT_CACHED, RETRY_AFTER, VARY_ACCEPT } from "./headers.ts";
import { publicMirror } from "./public_mirror.ts";
import type { Result } from "../request/result.ts";
import { rfc3339 } from "./rfc3339.ts";
import { shortFloat } from "./short_float.ts";

/** How a JSON answer looks. */
export interface JsonOptions {
  /** Indent by four spaces. */
  readonly pretty: boolean;
  /**
   * The mirror list rather than the standard answer: it gives each candidate its `Share` of the draw in
   * percent, `null` outside it, and is there when nobody can serve, to say why.
   */
  readonly list: boolean;
  /** LocalJSPath of the configuration, which goes out with the answer. */
  readonly localJsPath: string;
}

/**
 * Renders the answer as JSON, with the keys in the order in which clients have always got them.
 *
 * @param result what was decided
 * @param options how it looks
 * @returns a 200; a 503 for a list without candidates
 */
export function renderJson(result: Result, options: JsonOptions): Answer {
  const { selection } = result;
  const candidates = selection.candidates.map((candidate) => candidateJson(candidate, options));
  const excluded = selection.excluded.map(exclusionJson);
  const compact = [
    `{"FileInfo":${JSON.stringify(fileInfo(result))}`,
    `"IP":${JSON.stringify(result.address ?? "")}`,
    `"ClientInfo":${JSON.stringify(clientInfo(result.client))}`,
    `"MirrorList":[${candidates.join(",")}]`,
    ...(excluded.length > 0 ? [`"ExcludedList":[${excluded.join(",")}]`] : []),
    ...(selection.fallback && candidates.length > 0 ? [`"Fallback":true`] : []),
    `"LocalJSPath":${JSON.stringify(options.localJsPath)}}`,
  ].join(",");
  const headers: Header[] = [
    NOT_CACHED,
    ["Content-Type", "application/json; charset=utf-8"],
    NO_SNIFF,
  ];
  if (options.list) headers.push(VARY_ACCEPT);
  const status = candidates.length > 0 ? 200 : 503;
  if (status === 503) headers.push(RETRY_AFTER);
  const body = options.pretty ? JSON.stringify(JSON.parse(compact), null, 4) : compact;
  return { status, headers, body, tagged: options.list && status === 200, compressible: true };
}

function fileInfo({ file, gone }: Result): Record<string, unknown> {
  // An undefined property is left out. Nothing is known of a file that is not in the index.
  const known = file.modTime !== null || file.size > 0;
  return {
    Path: file.path,
    Size: known ? file.size : undefined,
    ModTime: rfc3339(file.modTime),
    Sha1: file.sha1 || undefined,
    Sha256: file.sha256 || undefined,
    Md5: file.md5 || undefined,
    Gone: gone === undefined ? undefined : rfc3339(gone),
  };
}

function clientInfo(client: GeoRecord | null): Record<string, unknown> {
  return {
    CountryCode: client?.countryCode ?? "",
    ContinentCode: client?.continentCode ?? "",
    City: client?.city ?? "",
    Country: client?.country ?? "",
    Latitude: shortFloat(client?.latitude ?? 0),
    Longitude: shortFloat(client?.longitude ?? 0),
    ASName: client?.asName ?? "",
    ASNum: client?.asNumber ?? 0,
  };
}

function candidateJson(
  { mirror, url, distance, score, share }: Candidate,
  options: JsonOptions,
): string {
  const own = options.list ? `,"Share":${JSON.stringify(share)}` : "";
  const { head, tail } = publicMirror(mirror);
  return `${head},"Distance":${
    shortFloat(distance)
  },"ComputedScore":${score},${tail},"AbsoluteURL":${JSON.stringify(url)}${own}}`;
}

function exclusionJson({ mirror, url, distance, reason }: Exclusion): string {
  const { head, tail } = publicMirror(mirror);
  // A disabled mirror is never asked which scheme it has: clients have always got no URL for it.
  const offered = reason.type === "disabled" || reason.type === "downtime" ? "" : url;
  return `${head},"Distance":${shortFloat(distance)},"ComputedScore":0,${tail},"AbsoluteURL":${
    JSON.stringify(offered)
  },"ExcludeReason":${JSON.stringify(exclusionText(reason))}}`;
}
