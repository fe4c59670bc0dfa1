import type { HttpThreadEvents } from "./thread_handle.ts";
import type { HttpMessage } from "./messages.ts";

/** The way to a thread in a worker. */
export interface WorkerLink<Message> {
  /** Sends a message. What is sent before the thread is ready for it waits. */
  readonly send: (message: Message) => void;
  /** Ends the thread at once. */
  readonly terminate: () => void;
}

/**
 * Starts an HTTP thread in a worker.
 *
 * @param module the worker's module
 * @param events what to call when it has something to say
 * @param permissions what it may do; default: whatever the thread that starts it may
 * @returns the way to the thread
 */
export function linkToWorker<Message>(
  module: URL,
  events: HttpThreadEvents,
  permissions: Deno.PermissionOptions = "inherit",
): WorkerLink<Message> {
  const worker = new Worker(module, { type: "module", name: "http", deno: { permissions } });
  // What is sent while the module is being loaded may be lost.
  let waiting: Message[] | null = [];
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

/**
 * Makes a way to send that holds messages back until something else is done, and keeps their order.
 *
 * @param send takes in a message
 * @param done what to wait for; how it ends does not matter
 */
export function holdMessages<Message>(
  send: (message: Message) => void,
  done: Promise<unknown>,
): (message: Message) => void {
  let held: Message[] | null = [];
  const release = (): void => {
    for (const message of held ?? []) send(message);
    held = null;
  };
  done.then(release, release);
  return (message) => held === null ? send(message) : void held.push(message);
}
