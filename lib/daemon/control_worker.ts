/**
 * The thread that the server runs in where it is confined. `confined_daemon.ts` starts it.
 *
 * @module
 */
import type { Log } from "../log/log.ts";
import {
  RemoteSteering,
  type SteeringCall,
  type SteeringReply,
} from "../upgrade/remote_steering.ts";
import type { WorkerScope } from "../worker/worker_scope.ts";
import type { DaemonOptions } from "./options.ts";
import { runDaemon } from "./run_daemon.ts";

/** Tells a confined thread to start. */
export interface Start {
  readonly type: "start";
  readonly options: DaemonOptions;
  readonly environment: Readonly<Record<string, string>>;
}

/** Tells it what came of the steering that it asked for. */
export interface Steered {
  readonly type: "steered";
  readonly reply: SteeringReply;
}

/** What a confined thread says. */
export type Report =
  | { readonly type: "open" }
  | { readonly type: "steer"; readonly call: SteeringCall }
  | { readonly type: "end"; readonly code: number };

const scope = globalThis as unknown as WorkerScope<Start | Steered, Report>;
const end = (code: number): void => scope.postMessage({ type: "end", code });
let remote: RemoteSteering | null = null;
const steering = (log: Log): RemoteSteering =>
  remote = new RemoteSteering((call) => scope.postMessage({ type: "steer", call }), log);
scope.onmessage = ({ data }) => {
  if (data.type === "steered") return remote?.take(data.reply);
  const { options, environment } = data;
  void runDaemon(options, { environment, exit: end, steering }).then(end);
};
scope.postMessage({ type: "open" });
