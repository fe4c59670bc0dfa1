/** Port: the runtime log. One call is one line; messages have no trailing period. */
export interface Log {
  /** Only shown with `-debug`. */
  debug(message: string): void;
  /** What is worth knowing. */
  info(message: string): void;
  /** What should be looked at. */
  warn(message: string): void;
  /** What went wrong. */
  error(message: string): void;
}
