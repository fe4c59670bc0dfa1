import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Position } from "../geo/distance.ts";
import type { ClientRule } from "./exclude.ts";
import type { FamilyUses } from "./family_uses.ts";
import type { MirrorRules } from "./rule_set.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";
import type { TlsChoice } from "./selection.ts";

/** What a mirror has for one TLS choice. */
export interface MirrorOffer {
  /** Base URL with the scheme to use, or that was tried last, and a trailing slash. */
  readonly url: string;
  /** Why the mirror can serve nobody who makes this choice; `null`: it can. */
  readonly reason: ExclusionReason | null;
}

/** A mirror with everything that selection needs computed once, when the mirror changes. */
export interface PreparedMirror {
  /** What the store has of it. */
  readonly record: MirrorRecord;
  /** Base URL for HTTP with a trailing slash; `null` when the mirror does not offer it. */
  readonly httpUrl: string | null;
  /** Base URL for HTTPS with a trailing slash; `null` when the mirror does not offer it. */
  readonly httpsUrl: string | null;
  /** What there is for each TLS choice. */
  readonly offers: Readonly<Record<TlsChoice, MirrorOffer>>;
  /** What the rules of the configuration say of it. */
  readonly rules: MirrorRules;
  /** How much of its weight its quotas leave, 0 to 1; 0: they are used up. */
  readonly quota: number;
  /** What it is good for by family of the client's address. */
  readonly families: FamilyUses;
  /** The reasons that can leave it out for who asks. */
  readonly clientRules: readonly ClientRule[];
  /** Where it is, ready to measure distances from. */
  readonly position: Position;
}
