import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import type { Recorder } from "../../stats/recorder.ts";
import type { RequestTally } from "../../stats/request_tally.ts";
import type { StoreReader } from "../../store/store_reader.ts";
import type { RedirectExtras } from "../render/redirect_extras.ts";
import type { Redirects } from "../render/redirects.ts";
import type { CountMemory } from "../request/count_memory.ts";
import type { Directories } from "../request/directories.ts";
import type { FileFinder } from "../request/file_finder.ts";
import type { OwnShare } from "../request/own_share.ts";
import type { PieceMemory } from "../request/piece_memory.ts";
import type { Repository } from "../request/repository.ts";
import type { HttpState } from "../request/state.ts";
import type { StatsMemory } from "./stats_memory.ts";

/** What answers are made with. */
export interface AnswerContext {
  /** As it was when the request came. */
  readonly state: HttpState;
  readonly finder: Pick<FileFinder, "find" | "findIndexed">;
  readonly reader: Pick<
    StoreReader,
    | "askedNotes"
    | "fileDownloads"
    | "allFileDownloads"
    | "downloadsByPeriod"
    | "events"
    | "mirrorDownloads"
    | "series"
    | "seriesSums"
    | "totalDownloads"
    | "revisions"
    | "zsyncHead"
    | "zsyncPart"
  >;
  readonly recorder: Recorder;
  /** Counts for the metrics. */
  readonly tally: Pick<RequestTally, "excluded" | "excludedAll" | "redirected">;
  readonly pieces: PieceMemory;
  readonly counted: CountMemory;
  /** Remembers statistics for a moment. */
  readonly statistics: StatsMemory;
  readonly redirects: Redirects;
  readonly extras: RedirectExtras;
  readonly directories: Pick<Directories, "list">;
  readonly repository: Pick<Repository, "lookup" | "open" | "read">;
  /** How much may be sent from the repository. */
  readonly share: OwnShare;
  /** Cuts the connection of somebody who takes nothing of what is sent. */
  readonly cut: (peer: Deno.Addr) => void;
  readonly log: Pick<Log, "debug">;
  readonly clock: Pick<Clock, "after" | "elapsed">;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Name and version of the program: `Mirrorbits/1.2.3`. */
  readonly program: string;
}
