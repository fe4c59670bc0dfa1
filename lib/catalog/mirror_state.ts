import type { DownCause } from "./down_cause.ts";
import type { Downtime } from "./downtime.ts";
import type { FamilyStates } from "./families.ts";
import type { ScanNumbers } from "./scan_numbers.ts";
import type { Mirror } from "./mirror.ts";

/** The way a mirror was listed. */
export type ScanProtocol = "rsync" | "ftp" | "http";

/** What is known of the certificate of a mirror. */
export interface CertificateState {
  /** When it ends. */
  readonly ends: number;
  /** Of which days before its end an event told last: 14 or 3; 0: of none. */
  readonly warned: number;
}

/** A mirror as the monitor found it. Times are milliseconds since the epoch; `null`: never. */
export interface MirrorState {
  /** Whether the last health check over HTTP found it up. */
  readonly httpUp: boolean;
  /** Whether the last health check over HTTPS found it up. */
  readonly httpsUp: boolean;
  /** Why HTTP is down; empty when it is up or was never checked. */
  readonly httpDownReason: string;
  /** Why HTTPS is down; empty when it is up or was never checked. */
  readonly httpsDownReason: string;
  /** What lies behind that reason; it counts while it is valid, see `validCause()`. */
  readonly httpDownCause: DownCause | null;
  /** The same for HTTPS. */
  readonly httpsDownCause: DownCause | null;
  /** What it is over IPv4 and IPv6; it counts while it is valid, see `validFamilies()`. */
  readonly families: FamilyStates | null;
  /** Since when the mirror asks for patience (429, 503), which is no reason yet to take it for down. */
  readonly busySince: number | null;
  /**
   * For how many hours the mirror was not scanned, in milliseconds, where that is longer than the
   * operator allows: then it serves nobody. 0: all is well.
   */
  readonly notScannedFor: number;
  /** When the mirror is off by plan; `null`: nothing is planned. */
  readonly downtime: Downtime | null;
  /** The certificate of a mirror that offers HTTPS; `null`: nobody has seen it. */
  readonly certificate: CertificateState | null;
  /** When the mirror last went up or down. */
  readonly stateSince: number | null;
  /** When a scan last ended, whatever its outcome. */
  readonly lastSync: number | null;
  /** When the listing that the index shows was made. */
  readonly lastSuccessfulSync: number | null;
  /** How that listing was made. */
  readonly lastSuccessfulSyncProtocol: ScanProtocol;
  /** Resolution of the times in the last successful listing, in milliseconds; 0 before the first. */
  readonly lastSuccessfulSyncPrecision: number;
  /** How that listing compares with the source; it counts while it is valid, see `validNumbers()`. */
  readonly scanNumbers: ScanNumbers | null;
  /** The time in the mirror's trace file. */
  readonly lastModTime: number | null;
  /** Milliseconds to add to the mirror's file times. */
  readonly timeZoneOffset: number;
}

/** A mirror with its state: what the store keeps under one ID. */
export interface MirrorRecord extends Mirror, MirrorState {}
