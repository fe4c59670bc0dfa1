import type { CarriedTree } from "../../catalog/carried_tree.ts";
import type { WatchedRollout } from "../../catalog/rollout.ts";
import type { PreparedFallback } from "../../selection/prepared_fallback.ts";
import type { PreparedMirror } from "../../selection/prepared_mirror.ts";
import type { RuleSet } from "../../selection/rule_set.ts";
import type { Selector } from "../../selection/selector.ts";
import type { Trees } from "../../selection/tree.ts";
import type { WholeTree } from "../../selection/whole_tree.ts";
import type { Agents } from "./agents.ts";
import type { Aliases } from "./aliases.ts";
import type { Clients } from "./clients.ts";
import type { HttpConfig } from "./config.ts";
import type { Embargos } from "./embargos.ts";
import type { Forwarding } from "./forwarding.ts";
import type { Holds, PathTest } from "./holds.ts";
import type { Peers } from "./peers.ts";
import type { ServedHere } from "./served_here.ts";

/** Everything that answers depend on, as it is at one moment; replaced as a whole, never changed. */
export interface HttpState {
  readonly config: HttpConfig;
  /** By ID. */
  readonly mirrors: ReadonlyMap<number, PreparedMirror>;
  /** Which clients which mirrors are for. */
  readonly rules: RuleSet;
  /** Decides among these mirrors, with this configuration. */
  readonly selector: Selector;
  /** Where the address of a client takes the place of chance; `null`: nowhere. */
  readonly trees: Trees | null;
  /** Mirrors that are never scanned; `null`: there are none. */
  readonly wholeTree: WholeTree | null;
  /** Which files are sent from the repository itself; `null`: none is. */
  readonly here: ServedHere | null;
  /** In the order of the configuration. */
  readonly fallbacks: readonly PreparedFallback[];
  readonly aliases: Aliases;
  /** Files that wait until enough mirrors have them; `null`: there are none. */
  readonly embargos: Embargos | null;
  /** How versions of watched paths reached mirrors. */
  readonly rollouts: ReadonlyMap<string, WatchedRollout>;
  /** What paths of `Latest` stand for. */
  readonly latest: ReadonlyMap<string, string>;
  /** What mirrors have of the directories of the source, by ID. */
  readonly carried: ReadonlyMap<number, CarriedTree>;
  /** Whether a path is as if it were not there; `null`: none is. */
  readonly excluded: PathTest;
  /** What of that only some do not get; `null`: nothing is held back for anybody. */
  readonly holds: Holds | null;
  /** Whether nobody knows yet what is held back. */
  readonly awaitsHolds: boolean;
  /** Programs that count apart; `null`: none do. */
  readonly bots: Agents | null;
  /** Knows where clients are. */
  readonly clients: Clients;
  /** What keeps this server from answering requests, in words; `null`: nothing. */
  readonly trouble: string | null;
  /** What is wrong though this server answers, in words; `null`: nothing. */
  readonly but: string | null;
  /** Since when the store has been away, in milliseconds since the epoch; `null`: it is not. */
  readonly away: number | null;
  /** Who connects, and who of them is believed. */
  readonly peers: Peers;
  /** What those who are believed say. */
  readonly forwarding: Forwarding;
}
