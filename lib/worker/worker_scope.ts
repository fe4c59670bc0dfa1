/** What a worker finds in its global scope, which the types of the main thread do not have. */
export interface WorkerScope<Received, Sent> {
  /** As whoever started it named it. */
  readonly name: string;
  onmessage: ((event: MessageEvent<Received>) => void) | null;
  postMessage(message: Sent): void;
  addEventListener(type: "error", listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: "unhandledrejection",
    listener: (event: PromiseRejectionEvent) => void,
  ): void;
}
