import type { OfferedFile } from "../request/decide.ts";
import type { ExclusionReason } from "../../selection/exclusion_reason.ts";
import type { Selection } from "../../selection/selection.ts";

/**
 * Why nobody serves a file: the index is away; no scan has found it; no mirror has it; it is a directory; it
 * is sent from here, to as many as can be; those that have it are down or not used, or may not serve the client.
 */
export type WhyNobody =
  | { readonly type: "store" | "unscanned" | "no_mirror" | "directory" | "busy" }
  | {
    readonly type: "down" | "you";
    /** How many mirrors have it. */
    readonly count: number;
  };

/** Reasons that lie with the client or its wishes, and do not pass. */
const LASTING: ReadonlySet<ExclusionReason["type"]> = new Set<ExclusionReason["type"]>([
  ...["not_https", "not_http", "networks", "family", "rule", "monopoly", "avoided"] as const,
  ...["not_chosen", "continent", "country", "as", "excluded_country", "not_carried"] as const,
]);

/**
 * Finds out why nobody serves.
 *
 * @param found what the path stands for
 * @param selection without candidates
 */
export function whyNobody(
  found: OfferedFile,
  { excluded }: Pick<Selection, "excluded">,
): WhyNobody {
  if (found.type === "unindexed") {
    if (!found.storeAnswered) return { type: "store" };
    return { type: found.isFile ? "unscanned" : "directory" };
  }
  const count = excluded.length;
  if (count === 0) return { type: "no_mirror" };
  return { type: excluded.every(({ reason }) => LASTING.has(reason.type)) ? "you" : "down", count };
}

/** Whether somebody may serve it later, with nothing done but waiting. */
export function waitingHelps({ type }: WhyNobody): boolean {
  return type !== "directory" && type !== "you";
}
