import { requirePermission } from "../config/require_permission.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import {
  createMonitorHttpClient,
  type MonitorHttpClient,
  type MonitorHttpClientOptions,
} from "../monitor/http_client.ts";
import { systemClock } from "./system_clock.ts";

/** What {@linkcode openClient} takes. */
export interface OpenClientOptions
  extends Pick<MonitorHttpClientOptions, "family" | "keptConnections" | "proxy"> {
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** Opens an HTTP client that trusts the certificates of the operator, too, where they can be read. */
export function openClient({ environment, log, ...options }: OpenClientOptions): MonitorHttpClient {
  const common = { ...options, clock: systemClock };
  const file = environment.SSL_CERT_FILE;
  try {
    if (file) requirePermission({ name: "read", path: file });
    const certificates = file ? [Deno.readTextFileSync(file)] : [];
    return createMonitorHttpClient({ ...common, certificates });
  } catch (error) {
    log.warn(`Cannot use the certificates in "${file}": ${messageOf(error)}`);
    return createMonitorHttpClient(common);
  }
}
