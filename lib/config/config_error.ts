/** A configuration that cannot be used: every problem that was found, one line each. */
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
    super(problems.join("\n"), options);
  }
}
