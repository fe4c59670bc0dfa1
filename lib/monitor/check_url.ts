import { type AddressFamily, familyName, familyOf } from "../catalog/families.ts";
import { encodePath } from "../catalog/encode_path.ts";
import type { ListedFile } from "../catalog/file.ts";
import { joinUrl } from "../catalog/join_url.ts";
import type { Clock } from "../clock/clock.ts";
import { normaliseAddress } from "../net/ip_address.ts";
import { isPrivateAddress } from "../net/private_address.ts";
import type { FamilyClient } from "./check_families.ts";
import { fileFindings, isThere, timeText, type UrlFinding, type Weight } from "./url_findings.ts";
import { ask, type AskOptions, lookAt, type Seen } from "./url_look.ts";

/** What {@linkcode checkUrl} takes. */
export interface UrlCheckOptions extends AskOptions {
  /** Files that the source has, at least one; the first is asked for a part. */
  readonly files: readonly ListedFile[];
  /** Clients for each family of addresses; empty: families are not told apart. */
  readonly clients: readonly FamilyClient[];
  /** Milliseconds that times may differ by. */
  readonly tolerance: number;
  /** When the certificate of an `https:` URL ends, in milliseconds since the epoch; `null`: unknown. */
  readonly certificateEnd: (url: string, signal: AbortSignal) => Promise<number | null>;
  readonly clock: Pick<Clock, "now" | "timeout">;
}

const DAY = 86_400_000;

/** Days before its end from which on a certificate is worth a word. */
const CERTIFICATE_DAYS = 14;

/** Files that are asked for at once. */
const AT_ONCE = 4;

/**
 * Looks at a server as a mirror-to-be: whether it can be reached over each family of addresses, has the
 * files of the source with their sizes and times, can resume downloads, and for how long its certificate
 * is good. Nothing is stored.
 *
 * @returns what there is to say, what matters most first
 * @throws the signal's reason when it was aborted
 */
export async function checkUrl(options: UrlCheckOptions): Promise<UrlFinding[]> {
  const [first] = options.files;
  const findings = await addressFindings(first!, options);
  const seen = await lookAtAll(options);
  options.signal.throwIfAborted();
  findings.push(...fileFindings(seen, options.tolerance));
  if (seen.some(isThere)) {
    findings.push(await rangeFinding(seen.find(isThere)!.file, options));
    findings.push(await listingFinding(options));
  }
  if (options.url.startsWith("https:")) findings.push(...await certificateFindings(options));
  options.signal.throwIfAborted();
  const order: readonly Weight[] = ["mend", "advice", "good"];
  return findings.sort((a, b) => order.indexOf(a.weight) - order.indexOf(b.weight));
}

/** What there is to say about its addresses. */
async function addressFindings(file: ListedFile, options: UrlCheckOptions): Promise<UrlFinding[]> {
  const { url, resolve, clients, proxied = false, signal } = options;
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = normaliseAddress(host) !== null ? [host] : await resolve(host).catch(() => []);
  signal.throwIfAborted();
  if (addresses.length === 0) {
    return proxied ? [] : [{ weight: "mend", text: `${host}: no address is known of that name` }];
  }
  const findings: UrlFinding[] = addresses.filter(isPrivateAddress).map((address) => ({
    weight: "mend",
    text: `${address} is private: clients elsewhere cannot reach it`,
  }));
  if (proxied) return findings;
  for (const family of [4, 6] as const) {
    const client = clients.find((one) => one.family === family);
    const own = addresses.filter((address) => familyOf(address) === family);
    findings.push(await familyFinding(family, own, client, file, options));
  }
  return findings;
}

async function familyFinding(
  family: AddressFamily,
  addresses: readonly string[],
  client: FamilyClient | undefined,
  file: ListedFile,
  options: UrlCheckOptions,
): Promise<UrlFinding> {
  const name = familyName(family);
  if (addresses.length === 0) {
    return {
      weight: "advice",
      text: `No ${name} address: clients that have nothing else get none`,
    };
  }
  const where = `${name}: ${addresses.join(", ")}`;
  if (client === undefined) return { weight: "good", text: where };
  const look = await lookAt(file, { ...options, fetch: client.fetch });
  if (look.type !== "unreachable") return { weight: "good", text: `${where} answers` };
  if (look.why === "network unreachable") {
    return {
      weight: "advice",
      text: `${where}: not tried, this machine reaches nothing over ${name}`,
    };
  }
  return { weight: "mend", text: `${where}: ${look.why}` };
}

async function lookAtAll(options: UrlCheckOptions): Promise<Seen[]> {
  const { files } = options;
  const seen: Seen[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE);
    seen.push(
      ...await Promise.all(some.map(async (file) => ({ file, look: await lookAt(file, options) }))),
    );
    // Whoever cannot be reached will not be by the next file.
    if (seen.every(({ look }) => look.type === "unreachable")) break;
  }
  return seen;
}

/** Whether downloads can be resumed. */
async function rangeFinding(file: ListedFile, options: UrlCheckOptions): Promise<UrlFinding> {
  const url = joinUrl(options.url, encodePath(file.path));
  const no: UrlFinding = {
    weight: "advice",
    text: "It sends no parts of files: a download that breaks off begins anew",
  };
  if (file.size < 2) {
    return { weight: "good", text: "Parts of files were not tried: none is longer than a byte" };
  }
  try {
    const response = await ask(url, "GET", { range: "bytes=0-0" }, options);
    await response.body?.cancel();
    const total = response.headers.get("content-range")?.split("/")[1];
    return response.status === 206 && total === `${file.size}`
      ? { weight: "good", text: "Downloads can be resumed" }
      : no;
  } catch {
    options.signal.throwIfAborted();
    return no;
  }
}

/** Whether it can be scanned over HTTP. */
async function listingFinding(options: UrlCheckOptions): Promise<UrlFinding> {
  const without: UrlFinding = {
    weight: "advice",
    text:
      "It lists no directories: it needs an rsync or FTP address, too, or its files are asked for one by one",
  };
  try {
    const response = await ask(options.url, "GET", {}, options);
    await response.body?.cancel();
    return response.status === 200
      ? { weight: "good", text: "It lists its directories: it can be scanned over HTTP" }
      : without;
  } catch {
    options.signal.throwIfAborted();
    return without;
  }
}

async function certificateFindings(options: UrlCheckOptions): Promise<UrlFinding[]> {
  const { url, certificateEnd, clock, signal } = options;
  const end = await certificateEnd(url, signal).catch(() => null);
  if (end === null) return [];
  const days = Math.floor((end - clock.now()) / DAY);
  const text = `Its certificate ends on ${timeText(end).slice(0, 10)}`;
  // One that has ended was told of where it could not be reached.
  if (days < 0) return [];
  return [{
    weight: days < CERTIFICATE_DAYS ? "advice" : "good",
    text: days < CERTIFICATE_DAYS ? `${text}, in ${days} days` : text,
  }];
}
