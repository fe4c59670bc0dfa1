import type { ListenAddress } from "../../config/config.ts";
import { listenText } from "./open_server.ts";

/** Whether an address is the one that is listened on; a port that the system chose stays. */
export function sameAddress(current: ListenAddress, wanted: ListenAddress): boolean {
  if (current.transport === "tcp" && wanted.transport === "tcp" && wanted.port === 0) {
    return current.hostname === wanted.hostname;
  }
  return listenText(current) === listenText(wanted);
}
