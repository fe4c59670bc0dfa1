import { hasSchemeFor, withoutCredentials } from "../catalog/mirror_url.ts";
import { ListingError } from "./lister.ts";

/** An rsync URL taken apart, so that the password never stands on a command line. */
export interface RsyncUrl {
  readonly program: "rsync" | "rsync-ssl";
  /** What the program gets: `rsync://user@host:port/module/path/`. */
  readonly url: string;
  /** Decoded; empty when there is none. */
  readonly password: string;
}

const URL_PARTS = /^(rsyncs?):\/\/(?:([^/]*)@)?((?:\[[^\]/]*\]|[^/@:[\]]+)(?::\d+)?)(\/.*)?$/is;

/**
 * Takes a mirror's rsync URL apart. Only user and password are percent-decoded: rsync takes the rest
 * as it stands.
 *
 * @param url `rsync://` or `rsyncs://`, perhaps with user and password
 * @throws {ListingError} when it is no such URL
 */
export function parseRsyncUrl(url: string): RsyncUrl {
  if (!hasSchemeFor("rsync", url)) {
    throw new ListingError(
      `${withoutCredentials(url)} does not start with rsync:// or rsyncs://`,
    );
  }
  const parts = URL_PARTS.exec(url);
  if (parts === null || url.includes("\0")) {
    throw new ListingError(`Cannot parse the rsync URL "${withoutCredentials(url)}"`);
  }
  const [, scheme, login = "", host, path = "/"] = parts;
  // rsync would list the modules, or nothing, and call it a success.
  if (/^\/*$/.test(path)) {
    throw new ListingError(`The rsync URL "${withoutCredentials(url)}" names no module`);
  }
  const colon = login.indexOf(":");
  const user = decode(colon < 0 ? login : login.slice(0, colon));
  return {
    program: scheme!.toLowerCase() === "rsyncs" ? "rsync-ssl" : "rsync",
    url: `rsync://${user === "" ? "" : `${user}@`}${host}${path}`,
    password: colon < 0 ? "" : decode(login.slice(colon + 1)),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
