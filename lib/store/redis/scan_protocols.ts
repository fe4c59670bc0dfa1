import type { ScanProtocol } from "../../catalog/mirror_state.ts";

/** Ways to scan by their numbers in Redis. The original does not know the last one, and says so. */
export const SCAN_PROTOCOLS: readonly ScanProtocol[] = ["rsync", "ftp", "http"];
