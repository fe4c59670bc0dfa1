import type { MirrorRecord, ScanProtocol } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { MonitorHttpClient } from "../monitor/http_client.ts";
import type { ScanMemories } from "../scan/http/scan_memories.ts";
import type { Lister } from "../scan/lister.ts";
import { systemClock } from "./system_clock.ts";
import { DEFAULT_PATH } from "../process/is_installed.ts";
import { RsyncLister } from "../scan/rsync_lister.ts";

/** What {@linkcode createListers} takes. */
export interface ListersOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Contents of PEM files. */
  readonly certificates: readonly string[];
  readonly config: Config;
  readonly mirror: MirrorRecord;
  /** Only this way, if any. */
  readonly protocol?: ScanProtocol | undefined;
  /** Opens a client that keeps so many connections. */
  readonly openClient: (connections: number) => MonitorHttpClient;
  /** Addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** What earlier scans over HTTP found, by mirror. */
  readonly memories: ScanMemories;
}

const MINUTE = 60_000;

/** Makes what lists a mirror, in the order in which it is tried. */
export async function createListers(options: ListersOptions): Promise<Lister[]> {
  const { environment, certificates } = options;
  // Both bring libraries that the start would wait for.
  const { FtpLister } = await import("../scan/ftp_lister.ts");
  return [
    new RsyncLister({
      clock: systemClock,
      environment: environment.PATH ? {} : { PATH: DEFAULT_PATH },
    }),
    new FtpLister({ clock: systemClock, certificates }),
    ...(listsOverHttp(options) ? [await createHttpLister(options)] : []),
  ];
}

/** Whether a mirror is listed over HTTP: where it offers nothing else, or where all else failed. */
function listsOverHttp(
  { config, mirror, protocol }: Pick<ListersOptions, "config" | "mirror" | "protocol">,
): boolean {
  if (protocol !== undefined) return protocol === "http";
  if (config.httpScan === "off") return false;
  return config.httpScan === "fallback" || (mirror.rsyncUrl === "" && mirror.ftpUrl === "");
}

async function createHttpLister(options: ListersOptions): Promise<Lister> {
  const { config, mirror, memories, openClient, resolve } = options;
  const { HttpLister } = await import("../scan/http/http_lister.ts");
  const { ScanMemory } = await import("../scan/http/scan_memory.ts");
  const memory = memories.of(mirror.id, mirror.httpUrl, () => new ScanMemory());
  return new HttpLister({
    ...{ openClient, resolve, memory, clock: systemClock, random: Math.random },
    rate: config.httpScanRate,
    interval: config.httpScanInterval * MINUTE,
    scanInterval: Math.max(1, config.scanInterval) * MINUTE,
    redirects: mirror.allowRedirects ?? !config.disallowRedirects,
  });
}
