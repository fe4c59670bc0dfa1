/** What is told of a span, beside its name and how long it took. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Something that takes time, and is told of when it has ended. */
export interface Span {
  /** It has ended. @param error why it failed; default: it did not */
  end(error?: unknown): void;
}

/** Port: a tracing system. Where there is none, there is `null` in its place, and nothing is made. */
export interface Tracing {
  /** Something begins that belongs to whatever goes on here. */
  begin(name: string, facts?: SpanFacts): Span;
  /** Runs an action; what begins in it belongs to it. */
  span<T>(name: string, facts: SpanFacts, action: () => Promise<T>): Promise<T>;
}

/**
 * Runs an action, as a span where somebody wants to know.
 *
 * @param tracing `null`: nobody does
 */
export function traced<T>(
  tracing: Tracing | null,
  name: string,
  facts: SpanFacts,
  action: () => Promise<T>,
): Promise<T> {
  return tracing === null ? action() : tracing.span(name, facts, action);
}
