import { ScanError } from "../catalog/scan_error.ts";
import type { MonitorOptions } from "./monitor_options.ts";

/** @throws {ScanError} when a scan could not open what it needs */
export function requireDescriptors(pressure: MonitorOptions["pressure"]): void {
  if (!pressure?.()) return;
  throw new ScanError(
    "listing",
    "too many files are open in this program: try again in a minute",
  );
}
