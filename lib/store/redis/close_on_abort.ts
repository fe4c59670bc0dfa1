/** Disposes of a resource when a signal is aborted; disposing of it again must do no harm. */
export function closeOnAbort(resource: AsyncDisposable, signal: AbortSignal | undefined): void {
  const close = (): void => {
    resource[Symbol.asyncDispose]();
  };
  if (signal?.aborted) close();
  else signal?.addEventListener("abort", close, { once: true });
}
