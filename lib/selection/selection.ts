import type { FileCopy } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";
import type { MirrorGroup } from "./rule_set.ts";

/** Which scheme the answer may use; `any`: HTTPS where the mirror has it and it is up, else HTTP. */
export type TlsChoice = "any" | "with_tls" | "without_tls";

/** A mirror that may serve this request. */
export interface Candidate {
  /** What the store has of it. */
  readonly mirror: MirrorRecord;
  /** Base URL with the chosen scheme and a trailing slash. */
  readonly url: string;
  /** Kilometres from the client; 0 when the client is unknown, and for a fallback. */
  readonly distance: number;
  /** How useful the mirror is for this client; 0 when the client is unknown, and for a fallback. */
  readonly score: number;
  /** Percent of the draw; `null` outside it. */
  readonly share: number | null;
  /** How much of its weight its quotas leave, 0 to 1. */
  readonly quota: number;
  /** Whether it stands before or behind the others; `null`: neither. */
  readonly group: MirrorGroup | null;
  /** `null` for a fallback. */
  readonly copy: FileCopy | null;
}

/** A mirror that carries the file and may not serve this request. */
export interface Exclusion {
  /** What the store has of it. */
  readonly mirror: MirrorRecord;
  /** Base URL with the scheme that was tried last, and a trailing slash. */
  readonly url: string;
  /** Kilometres from the client; 0 when the client is unknown. */
  readonly distance: number;
  /** The first reason there is. */
  readonly reason: ExclusionReason;
}

/** Who may serve a request, best first, and who may not. */
export interface Selection {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** By mirror ID. */
  readonly excluded: readonly Exclusion[];
  /** Whether the candidates are fallbacks. */
  readonly fallback: boolean;
  /** Whether the first candidate is this server, which sends the file itself. Default: it is not. */
  readonly own?: boolean;
}
