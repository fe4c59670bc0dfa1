/** Messages between the nodes of a cluster; absent where there can be only one node. */
export interface ClusterChannel {
  /** Sends a message to every node, this one included. */
  send(message: string): Promise<void>;
  /** Calls `listener` for each message until the signal is aborted. */
  listen(listener: (message: string) => void, signal: AbortSignal): void;
}
