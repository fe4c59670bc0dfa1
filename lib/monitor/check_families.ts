import { type AddressFamily, familyName, familyOf, type FamilyState } from "../catalog/families.ts";
import type { FamilyRoutes } from "./family_routes.ts";
import type { CheckCause, FamilyFinding, Finding } from "./finding.ts";
import type { MonitorFetch } from "./http_client.ts";

/** How a mirror is asked over one family of addresses. */
export interface FamilyClient {
  readonly family: AddressFamily;
  /** Connects to addresses of that family only. */
  readonly fetch: MonitorFetch;
}

/** What {@linkcode checkFamilies} takes. */
export interface FamilyCheck {
  readonly clients: readonly FamilyClient[];
  /** What is known of this machine. */
  readonly routes: Pick<FamilyRoutes, "isOpen" | "note">;
  /** Addresses of a host, of any family. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Checks over one family, with its addresses only. */
  readonly check: (
    client: FamilyClient,
    resolve: (host: string) => Promise<readonly string[]>,
  ) => Promise<Finding>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Checks one scheme of a mirror over every family of addresses that this machine reaches: it is up where
 * one of them is.
 *
 * @param host of the mirror, a name or an address
 * @returns what was found, of the family that says most; `null`: nothing that says anything
 */
export async function checkFamilies(
  host: string,
  { clients, routes, resolve, check, now }: FamilyCheck,
): Promise<Finding | null> {
  const open = clients.filter(({ family }) => routes.isOpen(family, now()));
  const found = await Promise.all(open.map(async (client) => {
    const { family } = client;
    const ofFamily = async (name: string): Promise<readonly string[]> =>
      (await resolve(name)).filter((address) => familyOf(address) === family);
    const finding = await check(client, ofFamily);
    // Not only what is unreachable: the runtime refuses some ports before it looks at addresses.
    if (finding.cause?.kind === "connect" && await lacks(host, ofFamily)) {
      return { family, finding: withoutAddress(finding, family), missing: true, verdict: true };
    }
    const verdict = routes.note(family, isUnreachable(finding.cause), now());
    return { family, finding, missing: false, verdict };
  }));
  const present = found.filter(({ missing }) => !missing);
  if (present.length === 0 && open.length < clients.length) return null;
  const best = (present.length > 0 ? present : found).map(({ finding }) => finding)
    .reduce((one, other) => rank(other) > rank(one) ? other : one);
  const families = found.map(({ family, finding, missing, verdict }): FamilyFinding => ({
    family,
    state: missing
      ? { state: "none", text: finding.cause?.text ?? "" }
      : verdict
      ? stateOf(finding)
      : null,
  }));
  return { ...best, families };
}

function isUnreachable(cause: CheckCause | null): boolean {
  return cause?.kind === "connect" && cause.text === "network unreachable";
}

/** Whether a host is known and has no address of a family. */
async function lacks(
  host: string,
  ofFamily: (host: string) => Promise<readonly string[]>,
): Promise<boolean> {
  return await ofFamily(host).then((addresses) => addresses.length === 0, () => false);
}

function withoutAddress(finding: Finding, family: AddressFamily): Finding {
  const { milliseconds } = finding.cause!;
  const text = `no ${familyName(family)} address`;
  return { ...finding, cause: { kind: "dns", text, address: "", milliseconds } };
}

/** What a finding says of the family; `null`: nothing, since it is about a file, or about names. */
function stateOf({ up, cause, missing, busy }: Finding): Omit<FamilyState, "time"> | null {
  if (up) return { state: "up", text: "" };
  if (missing || busy !== null || cause?.text === "host not found") return null;
  return { state: "down", text: cause?.text ?? "" };
}

/** How much a finding says: up, then answers, then what kept them from coming. */
function rank({ up, busy, cause }: Finding): number {
  if (up) return 4;
  if (busy !== null) return 3;
  if (cause?.kind === "status") return 2;
  return isUnreachable(cause) ? 0 : 1;
}
