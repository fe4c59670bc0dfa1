import type { Clock } from "../../clock/clock.ts";
import type { GeoResolver } from "../../geoip/resolver.ts";
import type { Log } from "../../log/log.ts";
import type { HourTally } from "../../stats/hour_tally.ts";
import type { Recorder } from "../../stats/recorder.ts";
import type { RequestTally } from "../../stats/request_tally.ts";
import type { StoreReader } from "../../store/store_reader.ts";
import type { HandlerOptions } from "../answer/handler_options.ts";
import type { HttpConfig } from "../request/config.ts";
import type { FileIndex } from "../request/file_finder.ts";
import type { Forwarders } from "../request/forwarders.ts";
import type { Repository } from "../request/repository.ts";

/** The cache of the file index, as the HTTP side keeps it true. */
export interface ForgetfulFileIndex extends FileIndex {
  /** Forgets paths. */
  drop(paths: readonly string[]): void;
  /** Forgets everything. */
  clear(): void;
}

/** What an `HttpSide` is made of. */
export interface HttpSideOptions<Databases> {
  readonly config: HttpConfig;
  readonly files: ForgetfulFileIndex;
  readonly reader: HandlerOptions["reader"] & Pick<StoreReader, "goneFile">;
  readonly repository: Repository;
  /** Makes a resolver of the databases in a `geoip` message. */
  readonly openGeo: (databases: Databases) => GeoResolver;
  /** Sends what it has when it is flushed; has to know what was taken in. */
  readonly recorder: Recorder & { flush(): void; taken(): void };
  /** Counts for the metrics. Default: nobody wants to know. */
  readonly tally?: RequestTally;
  /** Counts for the statistics. Default: nobody wants to know. */
  readonly hours?: HourTally;
  /** Counts requests, and those that somebody forwarded who is not trusted to. */
  readonly forwarders: Forwarders;
  readonly log: Log;
  /** How many threads share what the process may send of the repository. */
  readonly threads: (config: HttpConfig) => number;
  /** Cuts the connection of somebody who takes nothing of what is sent. */
  readonly cut: (peer: Deno.Addr) => void;
  /** Told of files that mirrors which are never scanned should be asked for. */
  readonly wanted: (path: string) => void;
  /** Milliseconds since the epoch, perhaps with a fraction. */
  readonly now: () => number;
  /** Milliseconds since some moment, whatever the clock of the machine is set to. */
  readonly elapsed: () => number;
  /** See `Clock`. */
  readonly after: Clock["after"];
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  readonly version: string;
}
