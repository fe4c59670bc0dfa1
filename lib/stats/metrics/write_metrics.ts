import {
  type Metric,
  openMetricsContentType,
  prometheusContentType,
  Registry,
  type RegistryContentType,
} from "prom-client";
import type { MetricFamily } from "./metric_family.ts";

/** Metrics as they are sent. */
export interface MetricsText {
  readonly contentType: string;
  readonly body: string;
}

/**
 * Writes metrics in the text format of Prometheus, or as OpenMetrics.
 *
 * @param families each name once; those without numbers are left out
 * @param openMetrics whether the reader prefers OpenMetrics
 */
export async function writeMetrics(
  families: readonly MetricFamily[],
  openMetrics: boolean,
): Promise<MetricsText> {
  const contentType = openMetrics ? openMetricsContentType : prometheusContentType;
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  for (const { samples, ...family } of families) {
    if (samples.length === 0) continue;
    // The library's own metrics only know what they were told one by one.
    const metric = {
      ...family,
      // OpenMetrics has other names of counters, which the library gives to the metric.
      get: () => ({ ...family, name: metric.name, values: samples }),
    };
    registry.registerMetric(metric as unknown as Metric);
  }
  return { contentType, body: await registry.metrics() };
}
