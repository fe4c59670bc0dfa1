import * as v from "valibot";
import { parseAddressRange } from "../net/address_range.ts";
import { type HostPort, parseHostPort } from "../net/host_port.ts";
import type { ListenAddress } from "./config.ts";
import { hasPlainUser } from "./has_plain_user.ts";
import { hasControlCharacter, map, scalar, type ValueSchema } from "./value_schemas.ts";

/** Whether a connection is encrypted, or the file of the certificates that are trusted for it. */
export const redisTls: ValueSchema<boolean | string> = scalar(
  "true, false or the file of the certificates to trust",
  (written) => {
    if (/^(true|yes|on|y)$/i.test(written)) return true;
    if (/^(false|no|off|n|)$/i.test(written)) return false;
    return hasControlCharacter(written) ? undefined : written;
  },
);

/** A server to connect to; without a host, this machine. */
export const serverAddress: ValueSchema<HostPort> = scalar("host:port", (written) => {
  const address = parseHostPort(written);
  return address && address.port > 0
    ? { ...address, hostname: address.hostname || "localhost" }
    : undefined;
});

/** Servers to connect to, each as `{Host: host:port}`. */
export const sentinels: ValueSchema<readonly HostPort[]> = v.array(
  v.pipe(
    map("{Host: host:port}", { Host: serverAddress }),
    v.transform(({ Host }) => Host),
  ),
  "a list of {Host: host:port}",
);

/** No host means every address of the machine, in both families. */
function allAddresses({ hostname, port }: HostPort): HostPort {
  return { hostname: hostname || "::", port };
}

/** A TCP address to listen on; port 0 is any free one. */
export const listenServer: ValueSchema<HostPort> = scalar("[host]:port", (written) => {
  const address = parseHostPort(written);
  return address ? allAddresses(address) : undefined;
});

/** A TCP address or Unix socket to listen on. */
export const listenAddress: ValueSchema<ListenAddress> = scalar(
  "[host]:port or unix:PATH",
  (written): ListenAddress | undefined => {
    if (written.startsWith("unix:")) {
      const path = written.slice("unix:".length);
      return path === "" || hasControlCharacter(path) ? undefined : { transport: "unix", path };
    }
    const address = parseHostPort(written);
    return address ? { transport: "tcp", ...allAddresses(address) } : undefined;
  },
);

/** A proxy. */
export const proxyUrl: ValueSchema<string> = scalar(
  "an HTTP, HTTPS or SOCKS5 URL of a proxy, such as http://proxy.example:3128, its user and " +
    "password percent-encoded",
  (written) =>
    /^(https?|socks5h?):\/\/[^/?#\s]+\/?$/i.test(written) && URL.canParse(written) &&
      hasPlainUser(written)
      ? written
      : undefined,
);

/** Name of a header, a token (RFC 9110 §5.1). */
export const headerName: ValueSchema<string> = scalar(
  "X-Forwarded-For, Forwarded or the name of another header",
  (written) => /^[\w!#$%&'*+.^`|~-]{1,255}$/.test(written) ? written : undefined,
);

/** Peers whose word is believed: a list, or in one line with commas; `all`: everyone. */
export const trustedProxies: ValueSchema<readonly string[] | "all"> = v.lazy(
  (written): ValueSchema<readonly string[] | "all"> =>
    written === "all" ? v.literal("all") : ranges,
);

const ranges: ValueSchema<readonly string[]> = v.pipe(
  v.unknown(),
  v.transform((written) =>
    typeof written === "string" ? written.split(/[\s,]+/).filter((part) => part !== "") : written
  ),
  v.array(
    scalar(
      "an address or a range such as 10.0.0.0/8",
      (written) => parseAddressRange(written) ? written : undefined,
    ),
    "all or a list of address ranges such as 10.0.0.0/8",
  ),
);
