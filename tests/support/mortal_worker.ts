import type { HttpMessage } from "../../lib/http/threads/messages.ts";
import { type HttpThreadMessage, openHttpThread } from "../../lib/daemon/http_worker.ts";

/** An HTTP thread that dies of the message that the path `/die` changed. */
const scope = globalThis as unknown as {
  postMessage(message: HttpMessage): void;
  onmessage: (event: MessageEvent<HttpThreadMessage>) => void;
};
const receive = openHttpThread((message) => scope.postMessage(message));
scope.onmessage = ({ data }) => {
  if (data.type === "paths" && data.paths.includes("/die")) throw new Error("Told to die");
  receive(data);
};
scope.postMessage({ type: "open" });
