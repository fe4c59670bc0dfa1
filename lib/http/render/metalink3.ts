import type { SourceFile } from "../../catalog/file.ts";
import { hasRevisions } from "../../catalog/file_revision.ts";
import { formatHttpDate } from "../request/date.ts";
import { documentName } from "./document_name.ts";
import { type MetalinkFacts, type MetalinkForm, PieceLines } from "./metalink.ts";
import { safeHeader } from "./headers.ts";
import { escapeXml } from "./xml.ts";

/** Hashes by strength, which version 3 and librepo call without a dash. */
const HASHES = ["sha256", "sha1", "md5"] as const;

/** What librepo reads of MirrorManager's documents: it compares the prefix, too. */
const MIRRORMANAGER = ' xmlns:mm0="http://fedorahosted.org/mirrormanager"';

/** Numbered without a gap: libzypp drops a piece that is out of order. */
const PIECES = new PieceLines((hashes, length) => [
  `        <pieces length="${length}" type="sha1">`,
  ...hashes.map((hash, i) => `<hash piece="${i}">${hash}</hash>`),
  "        </pieces>",
]);

/** Metalink 3.0; for the `repomd.xml` of a repository as MirrorManager writes it, for DNF. */
export const METALINK_3: MetalinkForm = {
  type: "application/metalink+xml",
  ending: "metalink",
  write: (facts) => {
    const { publisher, file, pieces, sources, revisions } = facts;
    const isIndex = hasRevisions(file.path);
    const lines = ['<?xml version="1.0" encoding="UTF-8"?>', rootTag(facts, isIndex)];
    if (publisher !== null) lines.push(publisherElement(publisher));
    lines.push("  <files>", `    <file name="${escapeXml(documentName(file.path))}">`);
    lines.push(...versionLines(file, isIndex, "      "));
    const hashes = [...hashLines(file, "        "), ...PIECES.of(pieces)];
    if (hashes.length > 0) lines.push("      <verification>", ...hashes, "      </verification>");
    if (isIndex && revisions.length > 0) {
      lines.push("      <mm0:alternates>");
      for (const revision of revisions) {
        lines.push("        <mm0:alternate>", ...versionLines(revision, true, "          "));
        lines.push("          <verification>", ...hashLines(revision, "            "));
        lines.push("          </verification>", "        </mm0:alternate>");
      }
      lines.push("      </mm0:alternates>");
    }
    lines.push(isIndex ? '      <resources maxconnections="1">' : "      <resources>");
    for (let i = 0; i < sources.length; i++) {
      const { url, country } = sources[i]!;
      const type = url.startsWith("https:") ? "https" : "http";
      const protocol = isIndex ? `protocol="${type}" ` : "";
      const location = country === "" ? "" : ` location="${country}"`;
      const preference = Math.max(1, 100 - i);
      lines.push(
        `        <url ${protocol}type="${type}"${location} preference="${preference}">` +
          `${escapeXml(safeHeader(url))}</url>`,
      );
    }
    lines.push("      </resources>", "    </file>", "  </files>", "</metalink>", "");
    return lines.join("\n");
  },
};

/** Time, which only MirrorManager's documents have, and size. */
function versionLines(
  { size, modTime }: Pick<SourceFile, "size" | "modTime">,
  timed: boolean,
  indent: string,
): string[] {
  const time = timed && modTime !== null
    ? [`${indent}<mm0:timestamp>${Math.floor(modTime / 1000)}</mm0:timestamp>`]
    : [];
  return [...time, `${indent}<size>${size}</size>`];
}

function hashLines(file: Pick<SourceFile, (typeof HASHES)[number]>, indent: string): string[] {
  return HASHES.filter((type) => file[type] !== "")
    .map((type) => `${indent}<hash type="${type}">${escapeXml(file[type])}</hash>`);
}

function rootTag({ program, origin, file }: MetalinkFacts, isIndex: boolean): string {
  const from = origin === null ? "" : ` origin="${escapeXml(origin)}"`;
  const date = file.modTime === null ? "" : ` pubdate="${formatHttpDate(file.modTime)}"`;
  return `<metalink version="3.0" xmlns="http://www.metalinker.org/"${
    isIndex ? MIRRORMANAGER : ""
  } type="dynamic"${from}${date} generator="${escapeXml(program)}">`;
}

function publisherElement({ name, url }: NonNullable<MetalinkFacts["publisher"]>): string {
  const where = url === "" ? "" : `<url>${escapeXml(safeHeader(url))}</url>`;
  return `  <publisher><name>${escapeXml(name)}</name>${where}</publisher>`;
}
