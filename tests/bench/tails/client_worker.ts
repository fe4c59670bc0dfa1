import { type Pace, PacedClient, type Seen } from "./paced_client.ts";

/** What the thread is told: to begin, to tell what it saw, to end. */
export type ClientRequest =
  | { readonly type: "start"; readonly pace: Pace }
  | { readonly type: "take" }
  | { readonly type: "stop" };

interface WorkerScope {
  postMessage(message: Seen): void;
  onmessage: ((event: MessageEvent<ClientRequest>) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
let client: PacedClient | null = null;
scope.onmessage = async ({ data }) => {
  if (data.type === "start") {
    client = new PacedClient(data.pace);
  } else {
    if (data.type === "stop") await client?.stop();
    scope.postMessage(client!.take());
  }
};
