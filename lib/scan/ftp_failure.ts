import { formatHostPort } from "../net/host_port.ts";
import { FTPError } from "basic-ftp";
import { ListingError } from "./lister.ts";

/** How much of what a server says is shown, in characters. */
const MAX_WORDS = 200;

/** Whom an FTP session is with. */
export interface FtpPeer {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

/**
 * Says in one sentence why an FTP session failed.
 *
 * @param error what was thrown
 * @param peer its password never shows
 * @param step what was being done: `Cannot connect`, `Cannot log in`, …
 */
export function ftpFailure(error: unknown, peer: FtpPeer, step: string): ListingError {
  if (error instanceof ListingError) return error;
  return new ListingError(`FTP: ${step}: ${reasonOf(error, peer)}`, { cause: error });
}

function reasonOf(error: unknown, { host, port, password }: FtpPeer): string {
  const place = formatHostPort({ hostname: host, port });
  const { code } = error as { code?: unknown };
  if (error instanceof Deno.errors.NotCapable || code === "EPERM" || code === "ERR_ACCESS_DENIED") {
    return `the permission is missing, start with --allow-net=${place}`;
  }
  if (code === "ECONNREFUSED") return `${place} refuses connections`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `the host "${host}" is not known`;
  if (code === "ECONNRESET" || code === "EPIPE") return "the server dropped the connection";
  if (!(error instanceof Error)) return String(error);
  if (error instanceof FTPError) return `the server says "${ftpWords(error.message, password)}"`;
  const words = ftpWords(error.message, password);
  if (/^Timeout \(/.test(words)) return "the server does not answer";
  if (/FIN packet|closed connection unexpectedly|transmission error/.test(words)) {
    return "the server dropped the connection";
  }
  if (/Maximum bytes exceeded/.test(words)) return "a directory is too large";
  return words;
}

/** What a server says, on one line and without the password. */
export function ftpWords(text: string, password: string): string {
  const shown = password === "" ? text : text.replaceAll(password, "***");
  return shown.replaceAll(/\p{Cc}+/gu, " ").trim().slice(0, MAX_WORDS);
}
