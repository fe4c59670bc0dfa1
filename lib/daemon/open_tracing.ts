import { messageOf } from "../log/message_of.ts";
import type { Span, SpanFacts, Tracing } from "../log/tracing.ts";
import { runtimeTelemetry } from "./runtime_telemetry.ts";

/** What is used of a span of OpenTelemetry. */
interface RuntimeSpan {
  recordException(error: unknown): void;
  setStatus(status: { readonly code: number; readonly message: string }): void;
  end(): void;
}

/** What is used of a tracer of OpenTelemetry. */
interface RuntimeTracer {
  startSpan(name: string, options: { readonly attributes: SpanFacts }): RuntimeSpan;
  startActiveSpan<T>(
    name: string,
    options: { readonly attributes: SpanFacts },
    action: (span: RuntimeSpan) => Promise<T>,
  ): Promise<T>;
}

/** The code of a span that failed. */
const ERROR = 2;

/**
 * The runtime's own OpenTelemetry, for spans of this thread.
 *
 * @param version of the program
 * @returns `null`: it is off (`OTEL_DENO`)
 */
export function openTracing(version: string): Tracing | null {
  const api = runtimeTelemetry() as {
    readonly trace?: { getTracer(name: string, version: string): RuntimeTracer };
  } | undefined;
  const tracer = api?.trace?.getTracer("mirrorbits", version);
  return tracer === undefined ? null : new RuntimeTracing(tracer);
}

class RuntimeTracing implements Tracing {
  readonly #tracer: RuntimeTracer;

  constructor(tracer: RuntimeTracer) {
    this.#tracer = tracer;
  }

  begin(name: string, facts: SpanFacts = {}): Span {
    const span = this.#tracer.startSpan(name, { attributes: facts });
    return { end: (error) => end(span, error) };
  }

  async span<T>(name: string, facts: SpanFacts, action: () => Promise<T>): Promise<T> {
    return await this.#tracer.startActiveSpan(name, { attributes: facts }, async (span) => {
      let failure: unknown;
      try {
        return await action();
      } catch (error) {
        failure = error;
        throw error;
      } finally {
        end(span, failure);
      }
    });
  }
}

function end(span: RuntimeSpan, error: unknown): void {
  if (error !== undefined) {
    const message = messageOf(error);
    span.recordException({ name: error instanceof Error ? error.name : "Error", message });
    span.setStatus({ code: ERROR, message });
  }
  span.end();
}
