import type { MirrorStatus } from "./api/mirror_schemas.ts";

/** What is counted of a mirror. */
export interface CountedMirror {
  readonly status: MirrorStatus;
  /** Whether it was checked since it was added, enabled or moved. */
  readonly checked: boolean;
  readonly busy: boolean;
  readonly stale: boolean;
  /** Whether it is off by plan. */
  readonly planned: boolean;
}

/** How many mirrors are how. The first seven make up all of them. */
export interface MirrorCounts {
  /** Up on every scheme that they offer. */
  readonly up: number;
  readonly down: number;
  /** Up over HTTP, down over HTTPS. */
  readonly httpOnly: number;
  /** Up over HTTPS, down over HTTP. */
  readonly httpsOnly: number;
  /** Enabled, and not checked yet. */
  readonly unknown: number;
  /** Off by plan, for a while. */
  readonly planned: number;
  /** Off otherwise. */
  readonly disabled: number;
  /** Of those that are enabled: behind for longer than is allowed. */
  readonly stale: number;
  /** Of those that are enabled: answered last that they have too much to do. */
  readonly busy: number;
}

/** Counts mirrors by how they are. */
export function countMirrors(mirrors: Iterable<CountedMirror>): MirrorCounts {
  const counts = {
    ...{ up: 0, down: 0, httpOnly: 0, httpsOnly: 0, unknown: 0 },
    ...{ planned: 0, disabled: 0, stale: 0, busy: 0 },
  };
  for (const { status, checked, busy, stale, planned } of mirrors) {
    if (status === "disabled") {
      if (planned) counts.planned++;
      else counts.disabled++;
      continue;
    }
    if (!checked) counts.unknown++;
    else if (status === "up/down") counts.httpOnly++;
    else if (status === "down/up") counts.httpsOnly++;
    else counts[status]++;
    if (busy) counts.busy++;
    if (stale) counts.stale++;
  }
  return counts;
}
