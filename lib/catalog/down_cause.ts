/**
 * What kind of thing kept a mirror from answering: the name has no address; nobody took the connection;
 * TLS was not agreed on; what was answered is no answer; the status of the answer.
 */
export type CauseKind = "dns" | "connect" | "tls" | "answer" | "status";

/** Why a check failed, beside the reason that the original knows. */
export interface DownCause {
  /** What kind of thing it is. */
  readonly kind: CauseKind;
  /** For people: `connection refused`, `certificate expired 2 days ago`. */
  readonly text: string;
  /** The address that was tried; empty when there is none. */
  readonly address: string;
  /** How long the check took. */
  readonly milliseconds: number;
  /** The reason (`Unreachable`) that this explains: with any other one it does not count. */
  readonly reason: string;
  /** `stateSince` of the state that this explains, in milliseconds: with any other one it does not count. */
  readonly since: number;
}

/**
 * Gives the cause as far as it explains what the mirror is now: another program that shares the store
 * changes reason and time without it.
 */
export function validCause(
  cause: DownCause | null,
  reason: string,
  stateSince: number | null,
): DownCause | null {
  if (cause === null || reason === "" || cause.reason !== reason || stateSince === null) {
    return null;
  }
  // Stores that are shared with the original know whole seconds.
  return Math.floor(cause.since / 1000) === Math.floor(stateSince / 1000) ? cause : null;
}

/** The cause for the operator: `Unreachable: connection refused (192.0.2.7, 12 ms)`. */
export function causeInFull(
  reason: string,
  cause: Pick<DownCause, "text" | "address" | "milliseconds"> | null,
): string {
  if (cause === null) return reason;
  const { address, milliseconds } = cause;
  const where = address === "" ? "" : `${address}, `;
  return `${withCause(reason, cause)} (${where}${milliseconds} ms)`;
}

/** The cause in short: `Unreachable: connection refused`. */
export function withCause(reason: string, cause: Pick<DownCause, "text"> | null): string {
  return cause === null || cause.text === reason ? reason : `${reason}: ${cause.text}`;
}

/** The cause in words that anybody may read: no URL, no host, no text of a library. */
export function publicCause(cause: DownCause): string {
  if (cause.kind === "status") return cause.text;
  return cause.text
    .replace(/^(redirected) to .*/, "$1")
    .replace(/^(certificate is for) .*/, "$1 another host")
    .replace(/^(handshake failed|not allowed): .*/, "$1");
}
