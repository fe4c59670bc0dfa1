import { encodePath } from "../catalog/encode_path.ts";
import type { SourceFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Candidate, Exclusion } from "../selection/selection.ts";
import { escapeHtml } from "./escape_html.ts";
import { exclusionText } from "./exclusion_text.ts";
import type { Header } from "./headers.ts";
import { renderPage } from "./page.ts";
import type { Result } from "./result.ts";

/**
 * Renders the mirror list for people. The heads of the tables are part of the interface: tools parse
 * them.
 *
 * @param server the Server header
 * @param result what was decided, with the candidates by rank
 * @returns a page
 */
export function renderMirrorList(server: Header, result: Result): Response {
  const { file, selection } = result;
  const path = encodePath(file.path);
  const content = [
    selection.fallback
      ? `<p class="warning" role="alert"><strong>No mirror can serve this file now:</strong> the fallbacks answer.</p>`
      : "",
    clientSection(result),
    fileSection(file),
    candidateTable(selection.candidates, path),
    selection.excluded.length > 0 ? exclusionTable(selection.excluded, path) : "",
  ];
  return renderPage(server, `Mirrorlist ${file.path}`, content.filter(Boolean).join("\n"));
}

function clientSection({ address, client }: Result): string {
  const network = client && client.asNumber > 0
    ? `AS${client.asNumber}${client.asName && ` (${client.asName})`}`
    : "unknown";
  const rows = [
    ["Address", address ?? "unknown"],
    ["Network", network],
    ["City", client?.city || "unknown"],
    ["Country", countryOf(client)],
  ];
  return `<section>\n<h2>You</h2>\n${definitions(rows)}\n</section>`;
}

function countryOf(client: Result["client"]): string {
  const code = client?.countryCode ?? "";
  const name = client?.country ?? "";
  if (name === "") return code || "unknown";
  return code === "" ? name : `${name} (${code})`;
}

function fileSection(file: SourceFile): string {
  const known = file.modTime !== null || file.size > 0;
  const date = file.modTime === null
    ? "unknown"
    : new Date(file.modTime).toUTCString().replace("GMT", "UTC");
  const rows = [
    ["Path", file.path],
    ["Size", known ? `${file.size} bytes` : "unknown"],
    ["Modified", date],
  ];
  const hashes = [["MD5", file.md5], ["SHA1", file.sha1], ["SHA256", file.sha256]].map(
    ([name = "", hash = ""]) =>
      `<tr><th scope="row">${name}</th><td><code>${escapeHtml(hash || "N/A")}</code></td></tr>`,
  );
  return `<section>\n<h2>File</h2>\n${definitions(rows)}\n<table>\n<caption>Hashes</caption>\n${
    hashes.join("\n")
  }\n</table>\n</section>`;
}

function definitions(rows: readonly (readonly string[])[]): string {
  const items = rows.map(([name = "", value = ""]) =>
    `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`
  );
  return `<dl>\n${items.join("\n")}\n</dl>`;
}

function candidateTable(candidates: readonly Candidate[], path: string): string {
  const rows = candidates.map(({ mirror, url, distance, share }, index) =>
    `<tr><td class="number">${index + 1}.</td>${mirrorCells(mirror, url, distance, path)}` +
    `<td class="number">${shareText(share)}</td></tr>`
  );
  return table("Mirrors", "Rank|Mirror Name|URL|Country|Continent|Distance|Selection", rows);
}

function exclusionTable(excluded: readonly Exclusion[], path: string): string {
  const rows = excluded
    .map(({ mirror, url, distance, reason }) => ({
      text: exclusionText(reason),
      cells: mirrorCells(mirror, url, distance, path),
    }))
    // Stable: those with the same reason stay in order of mirror ID.
    .sort((a, b) => a.text < b.text ? -1 : a.text > b.text ? 1 : 0)
    .map(({ text, cells }) => `<tr>${cells}<td>${escapeHtml(text)}</td></tr>`);
  const heads = "Mirror Name|URL|Country|Continent|Distance|Exclude Reason";
  return table("Excluded mirrors", heads, rows);
}

function table(caption: string, heads: string, rows: readonly string[]): string {
  const cells = heads.split("|").map((head) => `<th scope="col">${head}</th>`).join("");
  return `<table>\n<caption>${caption}</caption>\n<thead><tr>${cells}</tr></thead>\n<tbody>\n${
    rows.join("\n")
  }\n</tbody>\n</table>`;
}

function mirrorCells(mirror: MirrorRecord, url: string, distance: number, path: string): string {
  const name = link(mirror.sponsorName || mirror.name, mirror.sponsorUrl);
  const countries = escapeHtml(mirror.countryCodes.join(" "));
  return `<td>${name}</td><td>${link(url, url + path.slice(1))}</td><td>${countries}</td>` +
    `<td>${escapeHtml(mirror.continentCode)}</td><td class="number">${
      Math.round(distance)
    } Km</td>`;
}

/** A link, unless the target is one that a browser would run or take for a path. */
function link(text: string, target: string): string {
  const shown = escapeHtml(text);
  return /^https?:\/\//i.test(target) ? `<a href="${escapeHtml(target)}">${shown}</a>` : shown;
}

function shareText(share: number | null): string {
  if (share === null) return "n/a";
  return share < 1 ? "&lt;1%" : `${Math.round(share)}%`;
}
