import type { Answer } from "./answer.ts";
import { renderJsonDocument } from "./json_document.ts";
import type { MirrorDay, MirrorStats } from "./mirror_stats.ts";
import { rfc3339 } from "./rfc3339.ts";
import { shortFloat } from "./short_float.ts";

/**
 * Renders the mirror statistics as JSON: the facts of the page, with whole numbers.
 *
 * @param stats the statistics; counts that nobody knows are `null`
 * @param pretty indent by four spaces
 * @returns a 200
 */
export function renderMirrorStatsJson(stats: MirrorStats, pretty: boolean): Answer {
  const { day, curve, mirrors, counted, asOf } = stats;
  const known = (count: number): number | null => counted ? count : null;
  const body = {
    ...(day.length === 10 ? { Day: day } : { Period: day }),
    ...(asOf === null ? {} : { AsOf: rfc3339(asOf.mirrors), CountedAsOf: rfc3339(asOf.counts) }),
    Downloads: known(mirrors.reduce((sum, { downloads }) => sum + downloads, 0)),
    Bytes: known(mirrors.reduce((sum, { bytes }) => sum + bytes, 0)),
    ...(curve.length > 0 && {
      Curve: curve.map(({ time, downloads, bytes }) => ({
        ...{ Time: time, Downloads: downloads, Bytes: bytes },
      })),
    }),
    Mirrors: mirrors.map((mirror) => mirrorJson(mirror, known)),
  };
  return renderJsonDocument(body, pretty);
}

function mirrorJson(
  { mirror, condition, rank, downloads, bytes, age }: MirrorDay,
  known: (count: number) => number | null,
): object {
  return {
    ID: mirror.id,
    Name: mirror.name,
    HttpURL: mirror.httpUrl,
    SponsorName: mirror.sponsorName,
    SponsorURL: mirror.sponsorUrl,
    SponsorLogoURL: mirror.sponsorLogoUrl,
    Latitude: shortFloat(mirror.latitude),
    Longitude: shortFloat(mirror.longitude),
    ContinentCode: mirror.continentCode,
    CountryCodes: mirror.countryCodes.join(" "),
    Asnum: mirror.asNumber,
    State: condition,
    StateSince: rfc3339(mirror.stateSince),
    Rank: known(rank),
    Downloads: known(downloads),
    Bytes: known(bytes),
    LastModTime: rfc3339(mirror.lastModTime),
    LastUpdate: age,
    // Seconds, as people and time-zone tables count them.
    TimeZoneOffset: mirror.timeZoneOffset / 1000,
  };
}
