import { type TalliedTimes, TIME_BOUNDS } from "../tallied_requests.ts";

/** What a series is told apart by. */
export type Labels = Readonly<Record<string, string>>;

/** One number of a family. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  /** Where it is another one than that of the family. */
  readonly metricName?: string;
}

/** Numbers of one kind, as Prometheus gets them. */
export interface MetricFamily {
  /** After the conventions of Prometheus: counters end in `_total`, units are base units. */
  readonly name: string;
  /** For people, in one line without quotes. */
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
}

/** A value and its labels. */
export type LabelledValue = readonly [value: number | null, labels?: Labels];

/** Numbers that go up and down; those that nobody knows are left out. */
export function gauge(name: string, help: string, values: readonly LabelledValue[]): MetricFamily {
  return { name, help, type: "gauge", samples: samplesOf(values) };
}

/** Numbers that only go up, from the start of the process on. */
export function counter(
  name: string,
  help: string,
  values: readonly LabelledValue[],
): MetricFamily {
  return { name, help, type: "counter", samples: samplesOf(values) };
}

/** How often something took how long. */
export function histogram(
  name: string,
  help: string,
  series: readonly (readonly [times: TalliedTimes, labels: Labels])[],
): MetricFamily {
  const samples = series.flatMap(([{ buckets, sum }, labels]) => {
    let count = 0;
    const bounds = [...TIME_BOUNDS.map((bound) => `${bound}`), "+Inf"];
    return [
      ...bounds.map((le, bucket) => {
        count += buckets[bucket] ?? 0;
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
      }),
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  });
  return { name, help, type: "histogram", samples };
}

function samplesOf(values: readonly LabelledValue[]): Sample[] {
  return values.flatMap(([value, labels = {}]) => value === null ? [] : [{ labels, value }]);
}
