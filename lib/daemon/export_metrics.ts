import type { Labels, MetricFamily, Sample } from "../stats/metrics/metric_family.ts";
import { runtimeTelemetry } from "./runtime_telemetry.ts";

/** What is used of a result of OpenTelemetry. */
interface InstrumentResult {
  observe(value: number, attributes: Labels): void;
}

type InstrumentCallback = (result: InstrumentResult) => Promise<void>;

/** What is used of an instrument of OpenTelemetry that is asked for its numbers. */
interface Instrument {
  addCallback(callback: InstrumentCallback): void;
  removeCallback(callback: InstrumentCallback): void;
}

/** What is used of a meter of OpenTelemetry. */
interface RuntimeMeter {
  createObservableCounter(name: string, options: { readonly description: string }): Instrument;
  createObservableGauge(name: string, options: { readonly description: string }): Instrument;
}

/** What {@linkcode exportMetrics} works with. */
export interface ExportedMetricsOptions {
  /** Of the program. */
  readonly version: string;
  /** The metrics as they are now. */
  readonly families: () => Promise<readonly MetricFamily[]>;
  /** Told why they cannot be had. */
  readonly failed: (error: unknown) => void;
}

/**
 * Has the runtime's own OpenTelemetry export our metrics, under the names and with the labels that
 * they have in Prometheus, as often as it exports (`OTEL_METRIC_EXPORT_INTERVAL`). A histogram is
 * exported as its counters `_bucket` (with `le`), `_sum` and `_count`: they are added up already.
 *
 * @returns ends that; `null`: OpenTelemetry is off (`OTEL_DENO`)
 */
export function exportMetrics(options: ExportedMetricsOptions): Disposable | null {
  const api = runtimeTelemetry() as {
    readonly metrics?: { getMeter(name: string, version: string): RuntimeMeter };
  } | undefined;
  const meter = api?.metrics?.getMeter("mirrorbits", options.version);
  return meter === undefined ? null : new ExportedMetrics(meter, options);
}

/** There always is this one: it has the others made when it is first asked for. */
const FIRST = "mirrorbits_build_info";

/** Numbers of one round, by the name of the metric. */
type Round = ReadonlyMap<string, readonly Sample[]>;

/**
 * Each instrument has a callback of its own: Deno 2.5 cannot change the instruments of a callback for many
 * ("SafeIterator is not a constructor", which ends the thread).
 */
class ExportedMetrics implements Disposable {
  readonly #meter: RuntimeMeter;
  readonly #options: ExportedMetricsOptions;
  /** By the name of the metric. */
  readonly #instruments = new Map<string, readonly [Instrument, InstrumentCallback]>();
  #round: Promise<Round> | null = null;
  #ended = false;

  constructor(meter: RuntimeMeter, options: ExportedMetricsOptions) {
    this.#meter = meter;
    this.#options = options;
    this.#create(FIRST, "gauge", "1, with the version of the program and of Deno");
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    for (const [instrument, callback] of this.#instruments.values()) {
      instrument.removeCallback(callback);
    }
  }

  /** What is not among the instruments yet is observed the next time. */
  #create(name: string, type: MetricFamily["type"], description: string): void {
    const instrument = type === "gauge"
      ? this.#meter.createObservableGauge(name, { description })
      : this.#meter.createObservableCounter(name, { description });
    const callback: InstrumentCallback = async (result) => {
      // All are asked for at once, and the numbers of one moment are read once.
      const round = await (this.#round ??= this.#read().finally(() => this.#round = null));
      if (this.#ended) return;
      for (const { value, labels } of round.get(name) ?? []) result.observe(value, labels);
    };
    this.#instruments.set(name, [instrument, callback]);
    instrument.addCallback(callback);
  }

  /** @returns empty: they cannot be had; never rejects */
  async #read(): Promise<Round> {
    const round = new Map<string, Sample[]>();
    try {
      for (const { name, help, type, samples } of await this.#options.families()) {
        for (const sample of samples) {
          const { metricName = name } = sample;
          const others = round.get(metricName);
          if (others === undefined) round.set(metricName, [sample]);
          else others.push(sample);
          if (!this.#instruments.has(metricName) && !this.#ended) {
            this.#create(metricName, type, help);
          }
        }
      }
    } catch (error) {
      if (!this.#ended) this.#options.failed(error);
    }
    return round;
  }
}
