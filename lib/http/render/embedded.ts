import favicon from "./favicon.ico" with { type: "bytes" };
import { entityTag, matchesTag } from "./entity_tag.ts";
import { type Header, NO_SNIFF } from "./headers.ts";
import type { HttpRequest } from "../request/request.ts";

/** What there is for the paths that browsers and crawlers ask every server for. */
interface EmbeddedFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** There is nothing to find here but redirects and pages about the one who asks. */
const ROBOTS = `# Files are downloads, counted for each mirror; pages are made for each visitor.
User-agent: *
Disallow: /
`;

const FILES: ReadonlyMap<string, EmbeddedFile> = new Map([
  ["/robots.txt", { type: "text/plain; charset=utf-8", body: new TextEncoder().encode(ROBOTS) }],
  ["/favicon.ico", { type: "image/x-icon", body: new Uint8Array(favicon) }],
]);

/**
 * Answers `/robots.txt` and `/favicon.ico` for a repository that does not have them.
 *
 * @param server the Server header
 * @param request what was asked
 * @returns a 200, or a 304 for those who have it already; `null` for every other path
 */
export function renderEmbedded(
  server: Header,
  { path, headers }: Pick<HttpRequest, "path" | "headers">,
): Response | null {
  const file = FILES.get(path);
  if (file === undefined) return null;
  const tag = entityTag(file.body);
  const common: Header[] = [server, ["Cache-Control", "public, max-age=86400"], ["ETag", tag]];
  if (matchesTag(headers.get("if-none-match"), tag)) {
    return new Response(null, { status: 304, headers: common });
  }
  const response: Header[] = [...common, ["Content-Type", file.type], NO_SNIFF];
  return new Response(file.body, { headers: response });
}
