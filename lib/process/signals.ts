/** What the daemon does on each signal. */
export interface SignalHandlers {
  /** SIGHUP: read the configuration again. */
  readonly reload: () => void;
  /** SIGUSR1: open the logs again. */
  readonly reopenLogs: () => void;
  /** SIGUSR2: let the program as it is on disk now take over. */
  readonly upgrade: () => void;
  /** SIGQUIT, SIGTERM, the first SIGINT: stop gracefully. */
  readonly stop: (signal: string) => void;
  /** A second SIGINT: end at once. */
  readonly abort: () => void;
}

/** Listens to the signals of the process until it is disposed of. */
export function handleSignals(handlers: SignalHandlers): Disposable {
  let interrupted = false;
  const listeners: [Deno.Signal, () => void][] = [
    ["SIGHUP", handlers.reload],
    ["SIGUSR1", handlers.reopenLogs],
    ["SIGUSR2", handlers.upgrade],
    ["SIGQUIT", () => handlers.stop("SIGQUIT")],
    ["SIGTERM", () => handlers.stop("SIGTERM")],
    ["SIGINT", () => {
      if (interrupted) handlers.abort();
      interrupted = true;
      handlers.stop("SIGINT");
    }],
  ];
  const supported = Deno.build.os === "windows"
    ? listeners.filter(([signal]) => signal === "SIGINT")
    : listeners;
  for (const [signal, listener] of supported) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]: () => {
      for (const [signal, listener] of supported) Deno.removeSignalListener(signal, listener);
    },
  };
}
