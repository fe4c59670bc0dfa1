import type { ControlErrorDetail, ControlErrorJson } from "./api/control_error.ts";

/** What the daemon refused, or that it could not be reached; a sentence for the operator. */
export class ControlClientError extends Error {
  override readonly name = "ControlClientError";
  /**
   * @param code the control API's, or `connection`
   * @param hint what to do; `null`: nothing to add
   */
  constructor(
    message: string,
    readonly code: ControlErrorJson["code"] | "connection",
    readonly hint: string | null = null,
    readonly detail: ControlErrorDetail = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
