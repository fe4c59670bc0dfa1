import { NEW_MIRROR } from "../catalog/settings/new_mirror.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import { INITIAL_STATE } from "../catalog/mirror_state_fields.ts";
import type { Candidate } from "./selection.ts";

/** Name by which this server stands among mirrors, where it serves files itself. */
const OWN_NAME = "local";

/** Stands for this server. IDs of mirrors are above 0, so that nothing is counted for one. */
const OWN_RECORD: MirrorRecord = {
  ...NEW_MIRROR,
  ...INITIAL_STATE,
  id: 0,
  name: OWN_NAME,
  httpUrl: "",
  enabled: true,
};

/**
 * Makes the candidate that stands for this server.
 *
 * @param base of its URLs, with a trailing slash; empty: not known
 */
export function ownCandidate(base: string): Candidate {
  return {
    mirror: OWN_RECORD,
    url: base,
    ...{ distance: 0, score: 0, share: null, quota: 1, group: null, copy: null },
  };
}
