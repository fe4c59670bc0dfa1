/**
 * Visitors in a thread of their own, so that what starts and watches processes does not slow them.
 *
 * @module
 */
import { type VisitorOptions, Visitors, type Visits } from "../../support/visitors.ts";

/** What a worker finds in its global scope, which the types of the main thread do not have. */
interface WorkerScope {
  postMessage(message: Visits | "open"): void;
  onmessage: ((event: MessageEvent<VisitorOptions | "stop">) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
let visitors: Visitors | null = null;
scope.onmessage = async ({ data }) => {
  if (data !== "stop") visitors = new Visitors(data);
  else if (visitors !== null) scope.postMessage(await visitors.stop());
};
scope.postMessage("open");
