import type { MirrorJson } from "./mirror_schemas.ts";

/** What went wrong, for programs. */
export type ControlErrorCode =
  /** The request cannot be understood, or a value in it is not allowed. */
  | "invalid"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  /** No mirror has a name like the one that was asked for. */
  | "no_match"
  /** Several mirrors have a name like the one that was asked for. */
  | "multiple_match"
  | "name_taken"
  /** The mirror was changed since it was read. */
  | "changed"
  /** There is no index of the source repository yet. */
  | "not_indexed"
  /** A scan failed. */
  | "scan_failed"
  | "reload_failed"
  /** The upgrade failed, or this daemon cannot be upgraded while it runs. */
  | "upgrade_failed"
  | "store_unavailable"
  | "internal";

/** The status that belongs to each code. */
export const STATUS_OF = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  no_match: 404,
  multiple_match: 409,
  name_taken: 409,
  changed: 412,
  not_indexed: 409,
  scan_failed: 502,
  reload_failed: 422,
  upgrade_failed: 422,
  store_unavailable: 503,
  internal: 500,
} as const satisfies Record<ControlErrorCode, number>;

/** What an error carries beside its message. */
export interface ControlErrorDetail {
  /** Names of the mirrors that match. */
  readonly matches?: readonly string[];
  /** The mirror as it is now. */
  readonly mirror?: MirrorJson;
}

/** An error as the control API sends it. */
export interface ControlErrorJson extends ControlErrorDetail {
  readonly code: ControlErrorCode;
  /** A sentence for the operator. */
  readonly message: string;
}

/** A request that the control API refuses or cannot carry out, in words for the operator. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  /**
   * @param code what went wrong; decides the status
   * @param message a sentence for the operator
   */
  constructor(
    readonly code: ControlErrorCode,
    message: string,
    readonly detail: ControlErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The error as the control API sends it. */
  toJSON(): ControlErrorJson {
    return { code: this.code, message: this.message, ...this.detail };
  }
}

/**
 * The message about a request that the control API does not have; who knows it by that knows an older
 * daemon.
 *
 * @param what method and path
 */
export function noSuchOperation(what: string): string {
  return `There is no ${what} here`;
}
