import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";
import type { RecordedAnswers } from "../../stats/recorder.ts";
import type { TalliedRequests } from "../../stats/tallied_requests.ts";
import type { MaybePromise } from "../../store/store_reader.ts";
import type { HttpConfig } from "../request/config.ts";
import type { ForwardedRequests } from "./forwarder_tally.ts";
import type { Cutter, Steering } from "./steering.ts";
import type { StartHttpThread } from "./thread_handle.ts";

/** What `HttpThreads` work with. */
export interface HttpThreadsOptions<Databases> {
  readonly config: HttpConfig;
  readonly start: StartHttpThread<Databases>;
  /** Whether the system deals the connections of one TCP address out among several threads. */
  readonly balanced: boolean;
  /** Default: which threads get new connections cannot be decided here. */
  readonly steering?: Steering | null;
  /** Cuts connections of those who take nothing of what is sent. Default: nobody can. */
  readonly cutter?: Cutter;
  /** Takes in what the threads recorded; what it returns is when that is done. */
  readonly recorded: (recorded: RecordedAnswers) => MaybePromise<void>;
  /** Takes in who forwarded requests to them. Default: nobody wants to know. */
  readonly forwarded?: (forwarded: ForwardedRequests) => void;
  /** Takes in which files mirrors should be asked for. Default: nobody asks. */
  readonly wanted?: (paths: readonly string[]) => void;
  /** Takes in what they counted, where that comes by itself. Default: nobody wants to know. */
  readonly tallied?: (tallied: TalliedRequests) => void;
  /** Told the reason when a thread could not accept a connection. */
  readonly refused?: (reason: string) => void;
  /** Whether the process is short of file descriptors: then no thread is started. Default: never. */
  readonly pressure?: () => boolean;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "elapsed">;
  /** Milliseconds before a thread that died is replaced; default 100. */
  readonly pause?: number;
}
