import type { Labels, MetricFamily } from "../stats/metrics/metric_family.ts";
import { runtimeTelemetry } from "./runtime_telemetry.ts";

/** An instrument of OpenTelemetry that is asked for its numbers. */
type Instrument = object;

/** What is used of a result of OpenTelemetry. */
interface BatchResult {
  observe(instrument: Instrument, value: number, attributes: Labels): void;
}

type BatchCallback = (result: BatchResult) => Promise<void>;

/** What is used of a meter of OpenTelemetry. */
interface RuntimeMeter {
  createObservableCounter(name: string, options: { readonly description: string }): Instrument;
  createObservableGauge(name: string, options: { readonly description: string }): Instrument;
  addBatchObservableCallback(callback: BatchCallback, instruments: Instrument[]): void;
  removeBatchObservableCallback(callback: BatchCallback, instruments: Instrument[]): void;
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

class ExportedMetrics implements Disposable {
  readonly #meter: RuntimeMeter;
  readonly #options: ExportedMetricsOptions;
  /** By the name of the metric. */
  readonly #instruments = new Map<string, Instrument>();
  readonly #callback: BatchCallback = (result) => this.#observe(result);
  #ended = false;

  constructor(meter: RuntimeMeter, options: ExportedMetricsOptions) {
    this.#meter = meter;
    this.#options = options;
    meter.addBatchObservableCallback(this.#callback, []);
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    this.#meter.removeBatchObservableCallback(this.#callback, [...this.#instruments.values()]);
  }

  async #observe(result: BatchResult): Promise<void> {
    let families: readonly MetricFamily[];
    try {
      families = await this.#options.families();
    } catch (error) {
      if (!this.#ended) this.#options.failed(error);
      return;
    }
    if (this.#ended) return;
    const fresh = this.#create(families);
    for (const { name, samples } of families) {
      for (const { metricName = name, value, labels } of samples) {
        // What is not among those of the callback yet is observed the next time.
        if (!fresh.has(metricName)) {
          result.observe(this.#instruments.get(metricName)!, value, labels);
        }
      }
    }
  }

  /** Makes the instruments that are missing. @returns their names */
  #create(families: readonly MetricFamily[]): ReadonlySet<string> {
    const fresh = new Set<string>();
    const known = [...this.#instruments.values()];
    for (const { name, help: description, type, samples } of families) {
      for (const { metricName = name } of samples) {
        if (this.#instruments.has(metricName)) continue;
        fresh.add(metricName);
        this.#instruments.set(
          metricName,
          type === "gauge"
            ? this.#meter.createObservableGauge(metricName, { description })
            : this.#meter.createObservableCounter(metricName, { description }),
        );
      }
    }
    if (fresh.size > 0) {
      this.#meter.removeBatchObservableCallback(this.#callback, known);
      this.#meter.addBatchObservableCallback(this.#callback, [...this.#instruments.values()]);
    }
    return fresh;
  }
}
