/** What a service manager asks of this process in its environment. */
export interface ServiceManagerRequest {
  /** Where it wants to be told how the daemon is; `null`: nowhere. */
  readonly notifySocket: string | null;
  /** Milliseconds between two signs of life: half of what it waits for; `null`: it wants none. */
  readonly watchdogInterval: number | null;
  /** Sockets that it opened for this process, which this program has no use for. */
  readonly passedSockets: number;
}

/**
 * Reads what systemd or another service manager put into the environment (sd_notify(3),
 * sd_watchdog_enabled(3), sd_listen_fds(3)).
 *
 * @param environment the variables of the process
 * @param pid the process ID: what is meant for another process does not count
 */
export function readServiceManagerRequest(
  environment: Readonly<Record<string, string>>,
  pid: number,
): ServiceManagerRequest {
  const { NOTIFY_SOCKET, WATCHDOG_PID, WATCHDOG_USEC, LISTEN_PID, LISTEN_FDS } = environment;
  const isOurs = (owner: string | undefined): boolean => !owner || Number(owner) === pid;
  const microseconds = isOurs(WATCHDOG_PID) ? positive(WATCHDOG_USEC) : 0;
  return {
    notifySocket: NOTIFY_SOCKET || null,
    watchdogInterval: microseconds === 0 ? null : Math.max(1, microseconds / 2000),
    passedSockets: isOurs(LISTEN_PID) ? positive(LISTEN_FDS) : 0,
  };
}

function positive(text: string | undefined): number {
  const value = Number(text ?? "");
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}
