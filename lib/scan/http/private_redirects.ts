import { isPrivateAddress } from "../../net/private_address.ts";

/**
 * Makes what tells whether a redirect to another host is let through: from a public one to no private
 * address.
 *
 * @param resolve addresses of a host
 */
export function privateRedirects(
  resolve: (host: string) => Promise<readonly string[]>,
): (target: URL, from: URL) => Promise<boolean> {
  const isPrivate = async ({ hostname }: URL): Promise<boolean> => {
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    if (isPrivateAddress(host)) return true;
    if (/^[\d.]+$/.test(host) || host.includes(":")) return false;
    try {
      return (await resolve(host)).some(isPrivateAddress);
    } catch {
      return false;
    }
  };
  return async (target, from) => await isPrivate(from) || !await isPrivate(target);
}
