import favicon from "./favicon.ico" with { type: "bytes" };
import type { Answer } from "./answer.ts";
import { NO_SNIFF } from "./headers.ts";

/** What there is for the paths that browsers and crawlers ask every server for. */
interface EmbeddedFile {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** There is nothing to find here for a search; who fetches a tree is welcome to it. */
const ROBOTS = `# Files are downloads, counted for each mirror; pages are made for each visitor.
User-agent: Wget
Disallow:

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
 * @param path what was asked for
 * @returns a 200; `null` for every other path
 */
export function renderEmbedded(path: string): Answer | null {
  const file = FILES.get(path);
  if (file === undefined) return null;
  return {
    status: 200,
    headers: [
      ["Cache-Control", "public, max-age=86400"],
      ["Content-Type", file.type],
      NO_SNIFF,
    ],
    body: file.body,
    tagged: true,
    compressible: true,
  };
}
