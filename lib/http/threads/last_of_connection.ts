/**
 * Asks the client to use another connection for its next request (RFC 9112 §9.6).
 *
 * @param response an answer; one without a body may be sent to others, too, and stays as it is
 * @returns the answer to send
 */
export function lastOfConnection(response: Response): Response {
  const last = response.body === null ? response.clone() : response;
  last.headers.set("connection", "close");
  return last;
}
