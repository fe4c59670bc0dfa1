import { documentName } from "./document_name.ts";
import { type MetalinkFacts, type MetalinkForm, PieceLines } from "./metalink.ts";
import { rfc3339 } from "./rfc3339.ts";
import { safeHeader } from "./headers.ts";
import { escapeXml } from "./xml.ts";

/** Hashes by strength, as RFC 5854 §4.2.7 calls them. */
const HASHES = [["sha256", "sha-256"], ["sha1", "sha-1"], ["md5", "md5"]] as const;

/** Without indentation, to save 12 KB. */
const PIECES = new PieceLines((hashes, length) => [
  `    <pieces length="${length}" type="sha-1">`,
  ...hashes.map((hash) => `<hash>${hash}</hash>`),
  "    </pieces>",
]);

/** Metalink 4 (RFC 5854). */
export const METALINK_4: MetalinkForm = {
  type: "application/metalink4+xml",
  ending: "meta4",
  write: ({ program, origin, publisher, file, pieces, sources }) => {
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<metalink xmlns="urn:ietf:params:xml:ns:metalink">',
      `  <generator>${escapeXml(program)}</generator>`,
    ];
    if (origin !== null) lines.push(`  <origin dynamic="true">${escapeXml(origin)}</origin>`);
    const seconds = file.modTime === null ? null : Math.floor(file.modTime / 1000) * 1000;
    if (seconds !== null) lines.push(`  <published>${rfc3339(seconds)}</published>`);
    lines.push(`  <file name="${escapeXml(documentName(file.path))}">`);
    if (publisher !== null) lines.push(`    ${publisherElement(publisher)}`);
    lines.push(`    <size>${file.size}</size>`);
    for (const [field, type] of HASHES) {
      if (file[field] !== "") {
        lines.push(`    <hash type="${type}">${escapeXml(file[field])}</hash>`);
      }
    }
    lines.push(...PIECES.of(pieces));
    for (let i = 0; i < sources.length; i++) {
      const { url, country } = sources[i]!;
      const location = country === "" ? "" : `location="${country}" `;
      lines.push(`    <url ${location}priority="${i + 1}">${escapeXml(safeHeader(url))}</url>`);
    }
    lines.push("  </file>", "</metalink>", "");
    return lines.join("\n");
  },
};

/** An empty element with attributes, below the file (RFC 5854 §4.2.11): others write version 3's. */
function publisherElement({ name, url }: NonNullable<MetalinkFacts["publisher"]>): string {
  const where = url === "" ? "" : ` url="${escapeXml(url)}"`;
  return `<publisher name="${escapeXml(name)}"${where}/>`;
}
