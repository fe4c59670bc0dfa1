/** Problems that a message tells, at most: nobody reads more, and a log may have no room for them. */
const MOST_LINES = 100;

/** A configuration that cannot be used: every problem that was found, one line each, a hundred at most. */
export class ConfigError extends Error {
  /** See `Error.name`. */
  override readonly name = "ConfigError";

  /**
   * Puts all problems into one message.
   *
   * @param problems one sentence each, with file, line and key where they are known; at least one
   * @param options the cause, where there is one
   */
  constructor(readonly problems: readonly string[], options?: ErrorOptions) {
    const more = problems.length - MOST_LINES;
    const shown = problems.slice(0, MOST_LINES);
    super([...shown, ...(more > 0 ? [`And ${more} more problems`] : [])].join("\n"), options);
  }
}
