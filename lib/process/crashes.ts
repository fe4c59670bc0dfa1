/**
 * Takes in what nobody caught on this thread, so that Deno does not end it with a stack trace.
 *
 * @param crashed called with the first error; it should end the thread, and what follows from that
 *   error does not matter any more
 */
export function handleCrashes(crashed: (error: unknown) => void): Disposable {
  let over = false;
  const crash = (error: unknown): void => {
    if (!over) crashed(error);
    over = true;
  };
  const onError = (event: ErrorEvent): void => {
    event.preventDefault();
    crash(event.error ?? event.message);
  };
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    crash(event.reason);
  };
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return {
    [Symbol.dispose]: () => {
      globalThis.removeEventListener("error", onError);
      globalThis.removeEventListener("unhandledrejection", onRejection);
    },
  };
}
