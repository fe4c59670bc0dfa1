/** Port: the runtime log. One call is one line; messages have no trailing period. */
export interface Log {
  /** Only shown with `-debug`. */
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
