import type { ListenAddress } from "../config/config.ts";
import { listenText } from "../http/threads/open_server.ts";

/** Addresses that stand for all of the machine's. */
const EVERYWHERE = ["", "0.0.0.0", "::"];

/**
 * Says what somebody does next who has started the program and has no mirrors yet.
 *
 * @param address where it listens
 * @returns one sentence, with the address to open where a browser can
 */
export function firstStep(address: ListenAddress): string {
  const command = "add a mirror with: mirrorbits add -scan -enable -http URL -rsync URL NAME";
  if (address.transport === "unix") return `Ready: ${command}`;
  const hostname = EVERYWHERE.includes(address.hostname) ? "localhost" : address.hostname;
  const base = `http://${listenText({ ...address, hostname })}`;
  return `Ready: open ${base}/?mirrorstats, and ${command}`;
}
