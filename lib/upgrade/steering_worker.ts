import type { WorkerScope } from "../worker/worker_scope.ts";
import type { SharedAddress, SocketRange } from "../http/threads/steering.ts";
import { type DescriptorCount, Descriptors } from "./descriptors.ts";
import { PeerConnections } from "./peer_connections.ts";
import { ReusePortGroup } from "./reuse_port_group.ts";

/** What the thread is asked. */
export type SteeringRequest =
  | { readonly type: "steer"; readonly address: SharedAddress; readonly to: SocketRange }
  | { readonly type: "release"; readonly address: SharedAddress }
  | { readonly type: "cut"; readonly peer: SharedAddress }
  | { readonly type: "descriptors" };

/** What it says: that it listens, or what came of a request, `null` for success. */
export type SteeringReport =
  | { readonly type: "open" }
  | { readonly type: "done"; readonly error: string | null }
  | { readonly type: "descriptors"; readonly descriptors: DescriptorCount };

/** The module that a worker runs. */
export const STEERING_WORKER: string = new URL("./steering_worker.ts", import.meta.url).href;

/**
 * Obeys requests. The thread may load the C library and do nothing else: what goes on in there is
 * outside of every other permission, so nothing that comes from a client or a mirror gets here, but for
 * addresses of clients, as the system tells them.
 */
function obey(scope: WorkerScope<SteeringRequest, SteeringReport>): void {
  let group: ReusePortGroup | null = null;
  let descriptors: Descriptors | null = null;
  let connections: PeerConnections | null = null;
  scope.onmessage = ({ data }) => {
    let error: string | null = null;
    try {
      if (data.type === "descriptors") {
        descriptors ??= new Descriptors(scope.name);
        scope.postMessage({ type: "descriptors", descriptors: descriptors.count() });
        return;
      }
      if (data.type === "cut") {
        connections ??= new PeerConnections(scope.name);
        if (!connections.cut(data.peer)) error = "there is no such connection";
        return scope.postMessage({ type: "done", error });
      }
      group ??= new ReusePortGroup(scope.name);
      if (data.type === "steer") group.steer(data.address, data.to);
      else group.release(data.address);
    } catch (reason) {
      error = reason instanceof Error ? reason.message : String(reason);
    }
    scope.postMessage({ type: "done", error });
  };
  scope.postMessage({ type: "open" });
}

if (import.meta.main && "WorkerGlobalScope" in globalThis) {
  obey(globalThis as unknown as WorkerScope<SteeringRequest, SteeringReport>);
}
