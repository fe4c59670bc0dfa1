import type { AccelConfig, Config } from "../../lib/config/config.ts";
import { NetworkTable } from "../../lib/net/network_table.ts";
import { formatHostPort } from "../../lib/net/host_port.ts";

/** What a front has to know of the daemon behind it. */
export interface FrontFacts {
  /** The name that clients ask for. */
  readonly host: string;
  /** Where the daemon listens: `127.0.0.1:8080`, or the path of a Unix socket. */
  readonly upstream: string;
  /** The header in which the daemon reads who asks. */
  readonly header: string;
  /** What the daemon sends itself; `null`: nothing. */
  readonly local: LocalFacts | null;
}

/** What a front has to know of files that come from the repository. */
export interface LocalFacts {
  readonly repository: string;
  /** How the daemon has the front send the bytes; `null`: it sends them itself. */
  readonly accel: AccelConfig | null;
}

/** The facts, or what is in the way of a front, in words. */
export type FrontFactsOrNot =
  | { readonly type: "facts"; readonly facts: FrontFacts; readonly warnings: readonly string[] }
  | { readonly type: "impossible"; readonly message: string; readonly hint: string };

/** Stands for the name, where the configuration has none. */
const SAMPLE_HOST = "mirrors.example.org";

/** Finds what a front on the same machine has to know. */
export function frontFacts(
  { listenAddress, publicUrl, forwardedHeader, trustedProxies, serveLocally, repository }: Pick<
    Config,
    | "forwardedHeader"
    | "listenAddress"
    | "publicUrl"
    | "repository"
    | "serveLocally"
    | "trustedProxies"
  >,
): FrontFactsOrNot {
  if (forwardedHeader.toLowerCase() === "forwarded") {
    return {
      type: "impossible",
      message: "Not every front can write the header Forwarded (RFC 7239)",
      hint: "Set ForwardedHeader to X-Forwarded-For, which these fronts write anew",
    };
  }
  const host = publicUrl === null ? SAMPLE_HOST : new URL(publicUrl).hostname;
  const header = forwardedHeader;
  const local = serveLocally === null ? null : { repository, accel: serveLocally.accel };
  if (listenAddress.transport === "unix") {
    const facts = { host, upstream: listenAddress.path, header, local };
    return { type: "facts", facts, warnings: [] };
  }
  const { hostname, port } = listenAddress;
  const everywhere: Readonly<Record<string, string>> = {
    "::": "127.0.0.1",
    "0.0.0.0": "127.0.0.1",
  };
  const address = everywhere[hostname] ?? hostname;
  const believed = trustedProxies === "all" || address === "localhost" ||
    new NetworkTable(trustedProxies.map((network) => ({ network, value: 0 }))).find(address) !==
      null;
  return {
    type: "facts",
    facts: { host, upstream: formatHostPort({ hostname: address, port }), header, local },
    warnings: believed
      ? []
      : [`TrustedProxies does not name ${address}, from where the front will come`],
  };
}
