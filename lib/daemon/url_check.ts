import { normaliseMirrorUrl } from "../catalog/mirror_url.ts";
import type { Config } from "../config/config.ts";
import type { CheckedJson } from "../control/api/check_schemas.ts";
import { ControlError } from "../control/api/control_error.ts";
import { messageOf } from "../log/message_of.ts";
import { checkUrl } from "../monitor/check_url.ts";
import type { FamilyClient } from "../monitor/check_families.ts";
import type { RedirectRule } from "../monitor/follow_redirects.ts";
import type { FileTable } from "../scan/file_table.ts";
import { sourceSample } from "../scan/source_sample.ts";
import { endOfCertificate } from "./handshakes.ts";
import { systemClock } from "./system_clock.ts";

/** What a look at a server takes. */
export interface UrlCheckRequest {
  /** As it was typed. */
  readonly url: string;
  /** The files of the source. */
  readonly source: () => Promise<FileTable>;
  readonly config: Pick<Config, "checkProxy" | "disallowRedirects" | "ipFamilies" | "tolerance">;
  readonly rule: Omit<RedirectRule, "redirects">;
  /** One for each family of addresses. */
  readonly clients: () => readonly FamilyClient[];
  readonly signal: AbortSignal;
}

/** Files by chance beside the newest and the largest. */
const BY_CHANCE = 8;

/**
 * Looks at a server that may become a mirror. Without a scheme both are looked at, and one will do.
 *
 * @throws {ControlError} when that is no address of HTTP, or there is nothing to compare it with
 * @throws {StoreUnavailableError}
 */
export async function checkUrlNow(request: UrlCheckRequest): Promise<CheckedJson> {
  const { source, config, rule, clients, signal } = request;
  const url = normalised(request.url);
  const files = sourceSample(await source(), BY_CHANCE, Math.random);
  if (files.length === 0) {
    const message = "The index has no files yet: there is nothing to compare it with";
    throw new ControlError("not_indexed", message);
  }
  const bases = /^https?:/.test(url) ? [url] : [`http://${url}`, `https://${url}`];
  const looks = await Promise.all(bases.map((base) =>
    checkUrl({
      ...{ ...rule, url: base, files, clock: systemClock, signal },
      redirects: !config.disallowRedirects,
      clients: config.ipFamilies === "ignore" ? [] : clients(),
      tolerance: config.tolerance,
      certificateEnd: (asked, until) =>
        config.checkProxy === null ? endOfCertificate(asked, until) : Promise.resolve(null),
    })
  ));
  const findings = looks.flatMap((found, index) =>
    looks.length === 1 ? found : found.map(({ weight, text }) => {
      return { weight, text: `${new URL(bases[index]!).protocol} ${text}` };
    })
  );
  const suitable = looks.some((found) => found.every(({ weight }) => weight !== "mend"));
  return { url, suitable, findings };
}

/** @throws {ControlError} */
function normalised(text: string): string {
  try {
    const url = normaliseMirrorUrl("HTTP", text);
    if (url !== "") return url;
  } catch (error) {
    throw new ControlError("invalid", `${messageOf(error)}: ${JSON.stringify(text)}`);
  }
  throw new ControlError("invalid", "An address of HTTP or HTTPS is needed");
}
