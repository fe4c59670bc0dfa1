import type { Clock } from "../clock/clock.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import { type NotifySocket, openNotifySocket } from "./notify_socket.ts";
import { readServiceManagerRequest } from "./service_manager.ts";
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
