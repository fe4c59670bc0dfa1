/** A value of OTLP in JSON. */
interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly boolValue?: boolean;
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** A span as it came. */
export interface ReceivedSpan {
  /** Of the library that told it: `deno` or `mirrorbits`. */
  readonly scope: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it has none. */
  readonly parentSpanId: string;
  /** 2: it failed. */
  readonly status: { readonly code: number; readonly message: string };
  readonly attributes: Readonly<Record<string, string>>;
}

/** A line of a log as it came. */
export interface ReceivedLog {
  readonly severity: string;
  readonly text: string;
}

// deno-lint-ignore no-explicit-any -- the protocol's own messages have many members
type Message = any;

/** A receiver of OTLP over HTTP (JSON) on loopback. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  readonly logs: ReceivedLog[] = [];
  /** Names of metrics. */
  readonly metrics = new Set<string>();
  /** Newest numbers, by name and attributes (JSON). */
  readonly values = new Map<string, number>();
  /** Requests of any kind. */
  requests = 0;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, async (request) => {
      this.requests++;
      this.#take(new URL(request.url).pathname, await request.json());
      return Response.json({});
    });
  }

  /** Variables that have a Deno tell this receiver. */
  get environment(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_BSP_SCHEDULE_DELAY: "200",
      OTEL_BLRP_SCHEDULE_DELAY: "200",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
    };
  }

  #take(path: string, message: Message): void {
    if (path === "/v1/traces") {
      for (const { scope, span } of within(message.resourceSpans, "scopeSpans", "span")) {
        const attributes = Object.fromEntries(
          (span.attributes as OtlpAttribute[]).map(({ key, value }) => [key, textOf(value)]),
        );
        this.spans.push({ ...span, scope: scope.name, attributes });
      }
    } else if (path === "/v1/logs") {
      for (const { logRecord } of within(message.resourceLogs, "scopeLogs", "logRecord")) {
        this.logs.push({ severity: logRecord.severityText, text: logRecord.body.stringValue });
      }
    } else {
      for (const { metric } of within(message.resourceMetrics, "scopeMetrics", "metric")) {
        this.metrics.add(metric.name);
        for (const point of (metric.sum ?? metric.gauge)?.dataPoints ?? []) {
          const attributes = Object.fromEntries(
            (point.attributes as OtlpAttribute[]).map(({ key, value }) => [key, textOf(value)]),
          );
          const key = `${metric.name} ${JSON.stringify(attributes)}`;
          this.values.set(key, point.asDouble ?? Number(point.asInt));
        }
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** What lies in the scopes of all resources. @param what in the singular */
function within(resources: Message[], scopes: string, what: string): Message[] {
  return resources.flatMap((resource) =>
    resource[scopes].flatMap((one: Message) =>
      one[`${what}s`].map((found: Message) => ({ scope: one.scope, [what]: found }))
    )
  );
}

function textOf({ stringValue, intValue, boolValue }: OtlpValue): string {
  return stringValue ?? intValue ?? String(boolValue);
}
