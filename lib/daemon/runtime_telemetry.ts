/** Where Deno lays the interface of OpenTelemetry (`@opentelemetry/api`) when it is switched on. */
const API = Symbol.for("opentelemetry.js.api.1");

/** The runtime's own OpenTelemetry; `undefined`: it is off (`OTEL_DENO`). */
export function runtimeTelemetry(): unknown {
  return (globalThis as { readonly [API]?: unknown })[API];
}
