import { systemClock } from "./system_clock.ts";
import { readEnvironment } from "../config/read_environment.ts";
import { Daemon, type DaemonEnd } from "./daemon.ts";
import type { DaemonOptions, DaemonProcess } from "./options.ts";
import { openTracing } from "./open_tracing.ts";
import { exportedLog } from "../process/exported_log.ts";
import { leaveProxiesOut } from "./leave_proxies_out.ts";
import { handleCrashes } from "../process/crashes.ts";
import { type FileSink, fileSink, type LogSink } from "../process/log_file.ts";
import { forTerminal } from "../log/for_terminal.ts";
import { messageOf } from "../log/message_of.ts";
import { StandardError } from "../process/standard_error.ts";
import { SteeringThread } from "../upgrade/steering_thread.ts";
import { TextLog } from "../log/text_log.ts";
import { VERSION } from "../version.ts";

/**
 * Runs the server until it is told to stop.
 *
 * @returns the exit code: 0 stopped, 1 failed
 */
export async function runDaemon(
  options: DaemonOptions,
  {
    environment = readEnvironment(Deno.env),
    exit = Deno.exit,
    executable = Deno.execPath(),
    steering = (log) => new SteeringThread(log, systemClock),
  }: DaemonProcess = {},
): Promise<number> {
  leaveProxiesOut(Deno.env);
  const stderr = new StandardError(systemClock);
  let sink: LogSink = stderr;
  let file: FileSink | null = null;
  const onTerminal = options.logFile === null && Deno.stderr.isTerminal();
  // Who writes to a file starts without what knows other scripts.
  const widthOf = onTerminal
    ? (await import("@std/cli/unicode-width")).unicodeWidth
    : ({ length }: string) => length;
  const tracing = openTracing(VERSION);
  const exported = tracing === null ? null : exportedLog(environment.OTEL_DENO_CONSOLE);
  const log = new TextLog({
    write: (text, level) => {
      if (exported === null || !exported.prints || file !== null) {
        sink.write(onTerminal ? forTerminal(text, terminalColumns(), widthOf) : text);
      }
      exported?.write(text, level);
    },
    now: systemClock.now,
    debug: options.debug,
    colour: onTerminal && !environment.NO_COLOR,
  });
  using _crashes = handleCrashes((error) => {
    log.error(`The control thread crashed: ${messageOf(error)}`);
    log.debug(error instanceof Error ? error.stack ?? "No stack" : "No stack");
    void stderr.flush().finally(() => exit(1));
  });
  try {
    if (options.logFile !== null) sink = file = fileSink(options.logFile, stderr);
    log.info(`Mirrorbits ${VERSION} on Deno ${Deno.version.deno}`);
    const { next } = await live(
      new Daemon(options, log, { environment, exit, executable, steering }, tracing, {
        reopen: () => sink.reopen(),
        setMode: (mode) => file?.setMode(mode),
      }),
    );
    // Who interrupts what he started on a terminal means the process that took over, too: it is his
    // for as long as this one is there.
    if (next !== null && Deno.stderr.isTerminal()) await next;
    return 0;
  } catch (error) {
    log.error(messageOf(error));
    return 1;
  } finally {
    sink[Symbol.dispose]();
    await stderr.flush();
  }
}

/** Runs a daemon, and stops it. */
async function live(daemon: Daemon): Promise<DaemonEnd> {
  await using _daemon = daemon;
  return await daemon.run();
}

/** Width of the terminal; any, where it has gone away meanwhile. */
function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return Infinity;
  }
}
