import type { HttpMessage } from "../../lib/http/threads/messages.ts";
import { type HttpThreadMessage, openHttpThread } from "../../lib/daemon/http_worker.ts";

/**
 * An HTTP thread that dies of the message that the path `/die` changed, and hangs from the message that
 * `/hang` and the name of a file changed until there is no such file.
 */
const scope = globalThis as unknown as {
  postMessage(message: HttpMessage): void;
  onmessage: (event: MessageEvent<HttpThreadMessage>) => void;
};
const cell = new Int32Array(new SharedArrayBuffer(4));
const isThere = (path: string): boolean => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
};
const receive = openHttpThread((message) => scope.postMessage(message));
scope.onmessage = ({ data }) => {
  if (data.type === "paths" && data.paths.includes("/die")) throw new Error("Told to die");
  const held = data.type === "paths" && data.paths[0]?.startsWith("/hang/") &&
    data.paths[0].slice(5);
  while (held && isThere(held)) Atomics.wait(cell, 0, 0, 10);
  receive(data);
};
scope.postMessage({ type: "open" });
