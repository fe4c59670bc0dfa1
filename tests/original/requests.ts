import type { RawRequest } from "../support/raw_request.ts";
import { CLIENT_NAMES, type ClientName, CLIENTS } from "./places.ts";
import { FILES } from "./stand.ts";

/** A request that both programs get. */
export interface Case extends RawRequest {
  /** Whether the order of the mirrors is drawn by lot. */
  readonly drawn: boolean;
}

const JSON_ONLY = { Accept: "application/json" };

/** Paths that are odd, or not there. */
const ODD_PATHS = [
  ...["/", "/pool", "/pool/", "/nope", "/README.txt/", "/README.txt/x", "/readme.txt"],
  ...["/odd/alias.txt", "/odd/leaves.txt", "//README.txt", "/./README.txt", "/pool/../README.txt"],
  ...["/../../etc/passwd", "/%2e%2e/etc/passwd", "/..%2fetc/passwd", "/%252e%252e/etc/passwd"],
  ...["/%52EADME.txt", "/odd/plus%2bplus.txt", "/odd/amp%26eq%3d.txt", "/odd/tilde%7e1.txt"],
  ...["/%zz", "/%", "/README.txt%00", "/%ff%fe", "/README.txt;x=1", "/a%0d%0aX:%20y"],
  ...["/odd/caf%e9.txt", "/odd/caf%e9", "/odd//caf%E9.txt", "/odd/dir%e9", "/nope/caf%e9.txt"],
  ...["/pool//a/alpha_1.0.tar.gz", "/pool/a/alpha_1.0.tar.gz/", "/favicon.ico", "/robots.txt"],
];

const QUERIES = [
  ...["?", "?a=b", "?a;b", "?%zz", "?https=1", "?https=0", "?https=2", "?pretty", "?MIRRORLIST"],
  ...["?sha256", "?sha1", "?md5", "?md5&sha1", "?sha256=&x", "?mirrorlist", "?mirrorstats"],
  ...["?stats=2020", "?stats=2020-11", "?stats=2020-11-22", "?stats=x", "?stats=1-2-3-4"],
  ...["?stats=2020-", "?sha256&stats=2020"],
];

const DATES = [
  ...["Fri, 01 Jan 2038 00:00:00 GMT", "Fri, 02 Jan 2026 03:04:05 GMT"],
  ...["Fri, 02 Jan 2026 03:04:04 GMT", "Friday, 02-Jan-26 03:04:05 GMT", "yesterday", ""],
];

const FORWARDED = [
  ...["81.2.69.160, 10.0.0.1", "81.2.69.160,89.160.20.112", " 81.2.69.160 ", "2001:218::1"],
  ...["127.0.0.1", "junk", "999.1.1.1", "203.0.113.9:1234", "[2001:218::1]:80"],
];

/** Several hundred requests: every client for every file, odd paths, every query, every header. */
export function* cases(): Generator<Case> {
  for (const name of CLIENT_NAMES) {
    for (const path of [...FILES, "/pool", "/odd/alias.txt"]) {
      for (const extra of [{}, JSON_ONLY, { "X-Forwarded-Proto": "https" }]) {
        yield of(name, path, extra);
      }
    }
  }
  for (const path of ODD_PATHS) {
    for (const extra of [{}, JSON_ONLY]) yield of("se", path, extra);
  }
  for (const path of ["/README.txt", "/pool/b/wrong-size.iso", "/nowhere.bin", "/nope", "/pool"]) {
    for (const query of QUERIES) yield of("se", path + query);
    for (const query of ["?pretty", "?https=0", "?sha256"]) yield of("us", path + query, JSON_ONLY);
  }
  for (const target of ["/README.txt", "/README.txt?sha256", "/nope", "/pool", "/odd/alias.txt"]) {
    for (const method of ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"]) {
      yield of("se", target, {}, method);
    }
    for (const date of DATES) {
      for (const method of ["GET", "HEAD"]) {
        yield of("se", target, { "If-Modified-Since": date }, method);
      }
    }
  }
  for (const forwarded of FORWARDED) {
    const headers = { "X-Forwarded-For": forwarded, ...JSON_ONLY };
    yield { target: "/README.txt", headers, drawn: true };
  }
  for (const accept of ["*/*", "application/*", "text/html,application/json;q=0.9", "text/json"]) {
    yield of("us", "/README.txt", { Accept: accept });
  }
  for (const scheme of ["http", "HTTPS", "ftp"]) {
    yield of("us", "/README.txt", { "X-Forwarded-Proto": scheme, ...JSON_ONLY });
  }
}

function of(
  name: ClientName,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Case {
  const { address, ...client } = CLIENTS[name];
  const all = { "X-Forwarded-For": address, ...headers };
  return { method, target, headers: all, drawn: "drawn" in client };
}
