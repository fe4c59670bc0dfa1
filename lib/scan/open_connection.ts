import type { Clock } from "../clock/clock.ts";
import { connect, type Socket } from "node:net";

/** What {@linkcode openConnection} takes. */
export interface ConnectionTarget {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly clock: Pick<Clock, "after">;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/**
 * Opens a TCP connection. It is paused: before Deno 2.6, one that somebody waits to read from cannot
 * change to TLS.
 *
 * @throws Error when there is none in time, or it was aborted
 */
export function openConnection(
  { host, port, timeout, clock, signal }: ConnectionTarget,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }).pause();
    const end = (error?: Error): void => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
      socket.removeListener("connect", opened);
      socket.removeListener("error", end);
      if (error === undefined) return resolve(socket);
      socket.on("error", () => {});
      socket.destroy();
      reject(error);
    };
    const opened = (): void => end();
    const stop = (): void => end(new Error("It was aborted"));
    const timer = clock.after(
      timeout,
      () => end(new Error(`No connection to port ${port} within ${timeout / 1000} s`)),
    );
    socket.once("connect", opened);
    socket.once("error", end);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
}
