/** Levels of the runtime log. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What becomes of lines of the runtime log where OpenTelemetry is on. */
export interface ExportedLog {
  /** Exports a line. */
  readonly write: (text: string, level: LogLevel) => void;
  /** Whether that prints it, too. */
  readonly prints: boolean;
}

/**
 * The way of log lines to OpenTelemetry: Deno exports what is written to the console, and by default
 * prints it besides.
 *
 * @param mode `OTEL_DENO_CONSOLE`: `capture` (the default), `replace` or `ignore`
 * @returns `null`: it is told to ignore the console
 */
export function exportedLog(mode: string | undefined): ExportedLog | null {
  if (mode === "ignore") return null;
  return {
    // deno-lint-ignore no-console -- the only way for logs that the runtime has
    write: (text, level) => console[level](text.trimEnd()),
    prints: mode !== "replace",
  };
}
