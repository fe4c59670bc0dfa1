/** A name, or an address, and perhaps a port. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

/**
 * Whether a Host header names a host (RFC 9112 §3.2): the runtime makes the URL of a request from it, so
 * that anything else would change which file is asked for.
 *
 * @param header as received
 */
export function isHost(header: string): boolean {
  return HOST.test(header);
}
