import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import type { HourTally } from "../../stats/hour_tally.ts";
import type { Recorder } from "../../stats/recorder.ts";
import type { RequestTally } from "../../stats/request_tally.ts";
import type { StoreReader } from "../../store/store_reader.ts";
import type { Directories } from "../request/directories.ts";
import type { FileFinder } from "../request/file_finder.ts";
import type { Forwarders } from "../request/forwarders.ts";
import type { OwnShare } from "../request/own_share.ts";
import type { PieceMemory } from "../request/piece_memory.ts";
import type { Repository } from "../request/repository.ts";
import type { HttpState } from "../request/state.ts";
import type { AnswerContext } from "./answer_context.ts";

/** What a handler needs. */
export interface HandlerOptions {
  /** Everything that answers depend on, as it is now. */
  readonly state: () => HttpState;
  readonly finder: FileFinder;
  readonly directories: Directories;
  /** Knows the hashes of the pieces of files. */
  readonly pieces: PieceMemory;
  readonly repository: Pick<Repository, "lookup" | "open" | "read">;
  /** How much may be sent from the repository. */
  readonly share: OwnShare;
  /** Cuts the connection of somebody who takes nothing of what is sent. */
  readonly cut: (peer: Deno.Addr) => void;
  readonly reader: AnswerContext["reader"] & Pick<StoreReader, "pieceHashes">;
  readonly recorder: Recorder;
  /** Counts for the metrics. Default: nobody wants to know. */
  readonly tally?: RequestTally;
  /** Counts for the statistics. Default: nobody wants to know. */
  readonly hours?: HourTally;
  /** Counts requests, and those that somebody forwarded who is not trusted to. */
  readonly forwarders: Forwarders;
  readonly log: Log;
  /** Milliseconds since the epoch, perhaps with a fraction. */
  readonly now: () => number;
  /** Milliseconds since some moment, perhaps with a fraction; never goes back. */
  readonly elapsed: () => number;
  /** See `Clock`. */
  readonly after: Clock["after"];
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Version of the program, for the Server header. */
  readonly version: string;
}
