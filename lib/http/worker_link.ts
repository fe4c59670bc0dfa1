import type { HttpThreadEvents, HttpThreadLink } from "./http_thread_handle.ts";
import type { HttpMessage } from "./messages.ts";

/**
 * Starts an HTTP thread in a worker.
 *
 * @param module the worker's module
 * @param first the message that starts the thread
 * @param events what to call when it has something to say
 * @param permissions what it may do; default: whatever the thread that starts it may
 * @returns the way to the thread
 */
export function linkToWorker<Databases>(
  module: URL,
  first: unknown,
  events: HttpThreadEvents,
  permissions: Deno.PermissionOptions = "inherit",
): HttpThreadLink<Databases> {
  const worker = new Worker(module, { type: "module", name: "http", deno: { permissions } });
  // What is sent while the module is being loaded may be lost.
  let waiting: unknown[] | null = [first];
  worker.onmessage = ({ data }: MessageEvent<HttpMessage>) => {
    if (data.type !== "open") return events.message(data);
    for (const message of waiting ?? []) worker.postMessage(message);
    waiting = null;
  };
  worker.onmessageerror = () => events.died("a message could not be read");
  worker.onerror = (event) => {
    // Otherwise the error would end the whole program.
    event.preventDefault();
    events.died(event.message);
  };
  return {
    send(message) {
      if (waiting === null) worker.postMessage(message);
      else waiting.push(message);
    },
    terminate: () => worker.terminate(),
  };
}
