import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { type NotifySocket, openNotifySocket } from "./notify_socket.ts";
import { ServiceNotify } from "./service_notify.ts";

/** What {@linkcode openServiceNotify} goes by. */
export interface OpenServiceNotifyOptions {
  /** The variables of the process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Path that our own end of the way is bound to for a moment. */
  readonly ownSocket: string;
  readonly clock: Pick<Clock, "after">;
  readonly log: Pick<Log, "debug" | "warn">;
}

/**
 * Opens the way to the service manager, if there is one. What it asks for and cannot have is said in
 * the log and does not stop anything.
 */
export function openServiceNotify(
  { environment, pid, ownSocket, clock, log }: OpenServiceNotifyOptions,
): ServiceNotify {
  const { notifySocket, watchdogInterval, passedSockets } = readServiceManagerRequest(
    environment,
    pid,
  );
  if (passedSockets > 0) {
    log.warn(
      `The service manager passed ${passedSockets} open sockets, which are not used: ` +
        "remove the socket unit, and let ListenAddress name the address",
    );
  }
  let socket: NotifySocket | null = null;
  try {
    socket = notifySocket === null ? null : openNotifySocket(notifySocket, ownSocket);
  } catch (error) {
    const reason = messageOf(error);
    log.warn(`Cannot reach the service manager at "${notifySocket}": ${reason}`);
  }
  return new ServiceNotify({ socket, watchdogInterval, uptime, clock, log });
}

/** Whole seconds, rounded up, so that it is never before the moment that it stands for. */
function uptime(): number | null {
  try {
    return Deno.osUptime() * 1_000_000;
  } catch {
    // Only Type=notify-reload wants to know.
    return null;
  }
}

/** What a service manager asks of this process in its environment. */
interface ServiceManagerRequest {
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
