/** Headers by which proxies say that they ask for somebody else. */
const FORWARDING = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"];

/**
 * Whether somebody on this machine asks for themselves.
 *
 * @param remote the other end of the connection; one on a Unix socket may be a proxy
 * @param headers of the request
 * @param header by which this server learns who asks
 */
export function isLocal(remote: Deno.Addr, headers: Headers, header: string): boolean {
  if (!("hostname" in remote)) return false;
  const address = remote.hostname.replace(/^::ffff:/i, "");
  return (address === "::1" || /^127(?:\.\d{1,3}){3}$/.test(address)) && !headers.has(header) &&
    !FORWARDING.some((name) => headers.has(name));
}
