/**
 * Takes in what nobody caught on this thread, so that Deno does not end it with a stack trace.
 *
 * @param crashed called with each error; it should end the thread
 */
export function handleCrashes(crashed: (error: unknown) => void): Disposable {
  const onError = (event: ErrorEvent): void => {
    event.preventDefault();
    crashed(event.error ?? event.message);
  };
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    crashed(event.reason);
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
