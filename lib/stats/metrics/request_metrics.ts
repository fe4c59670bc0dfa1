import { COUNTRIES } from "../../geo/countries.ts";
import { EXCLUSION_TYPES } from "../../selection/exclusion_types.ts";
import { ANSWER_KINDS } from "../answer_kind.ts";
import type { RequestTotals } from "../request_totals.ts";
import { counter, histogram, type LabelledValue, type MetricFamily } from "./metric_family.ts";

/** Name of the mirrors that are counted together. */
const OTHER = "other";

/**
 * What was answered.
 *
 * @param names of the mirrors that are counted one by one, by ID
 * @param byCountry whether clients are counted by country
 */
export function requestMetrics(
  totals: RequestTotals,
  names: ReadonlyMap<number, string>,
  byCountry: boolean,
): MetricFamily[] {
  const ofMirrors = (of: "redirects" | "bytes"): LabelledValue[] => {
    const numbers = new Map([[OTHER, totals.others[of]]]);
    for (const [id, name] of names) {
      // One may be called so.
      numbers.set(name, (numbers.get(name) ?? 0) + (totals.mirrors.get(id)?.[of] ?? 0));
    }
    return [...numbers].map(([mirror, number]) => [number, { mirror }]);
  };
  return [
    counter(
      "mirrorbits_requests_total",
      "Requests by what they were answered with",
      ANSWER_KINDS.map((answer) => [totals.answers.get(answer) ?? 0, { answer }]),
    ),
    histogram(
      "mirrorbits_request_seconds",
      "Time to an answer, by whether memory alone gave it (hit) or something had to be waited for",
      [[totals.times.hit, { kind: "hit" }], [totals.times.miss, { kind: "miss" }]],
    ),
    counter("mirrorbits_redirects_total", "Redirects to a mirror", ofMirrors("redirects")),
    counter(
      "mirrorbits_bytes_total",
      "Sizes of the files that were redirected to a mirror as downloads; parts of one count once",
      ofMirrors("bytes"),
    ),
    counter(
      "mirrorbits_excluded_total",
      "Mirrors that carry the file asked for and were left out, by the kind of reason",
      EXCLUSION_TYPES.map((reason) => [totals.excluded.get(reason) ?? 0, { reason }]),
    ),
    counter(
      "mirrorbits_clients_total",
      "Requests by the place of the client; empty: unknown. By country with MetricsCountries only",
      byCountry
        ? [...totals.countries].map(([country, number]) => [
          number,
          { continent: COUNTRIES.get(country)?.continentCode ?? "", country },
        ])
        : [...totals.continents].map(([continent, number]) => [number, { continent }]),
    ),
  ];
}
