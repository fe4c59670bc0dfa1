import { encodePath } from "../../catalog/encode_path.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import { COUNTRIES } from "../../geo/countries.ts";
import type { Candidate, Exclusion } from "../../selection/selection.ts";
import type { OfferedFile } from "../request/decide.ts";
import type { Answer } from "../render/answer.ts";
import { exclusionText } from "../render/exclusion_text.ts";
import { RETRY_AFTER } from "../render/headers.ts";
import type { Result } from "../request/result.ts";
import { shareText } from "../render/share_text.ts";
import { renderAnswerCard } from "./answer_card.ts";
import { renderBar } from "./bar.ts";
import { renderClientCard } from "./client_card.ts";
import { renderFileCard } from "./file_card.ts";
import type { Frame } from "./frame.ts";
import { type ListAsked, listQuery } from "./list_links.ts";
import { renderListNotices } from "./list_notices.ts";
import { renderLink } from "./link.ts";
import { renderMirrorMap } from "./mirror_map.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderNotices } from "./notices.ts";
import { renderPage } from "./page.ts";
import { reasonMeaning } from "./reason_meaning.ts";
import { type OfferedForms, renderShareCard } from "./share_card.ts";
import { shareRing } from "./share_ring.ts";
import { type Column, renderTable, type Row } from "./table.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";

const MIRROR_COLUMNS: readonly Column[] = [
  { head: "Mirror Name", kind: "name" },
  { head: "URL", kind: "wide" },
  { head: "Country" },
  { head: "Continent" },
  { head: "Distance", kind: "number" },
];

const RANKED_COLUMNS: readonly Column[] = [
  { head: "Rank", kind: "number" },
  ...MIRROR_COLUMNS,
  { head: "Selection", kind: "number last" },
];

const EXCLUDED_COLUMNS: readonly Column[] = [...MIRROR_COLUMNS, {
  head: "Exclude Reason",
  kind: "wide",
}];

/**
 * Renders the mirror list for people. The heads of the tables are part of the interface: tools parse
 * them.
 *
 * @param program name and version of the program
 * @param frame what stands around the content
 * @param found what the path stands for
 * @param result what was decided, with the candidates by rank; perhaps none
 * @param asked what the list was asked with, who lacks the file, and what else there is of it
 * @returns a page; a 503 when nobody can serve, which says why
 */
export async function renderMirrorList(
  program: string,
  frame: Frame,
  found: OfferedFile,
  result: Result,
  asked: ListAsked & {
    readonly lacking: readonly MirrorRecord[];
    readonly forms: OfferedForms;
  },
): Promise<Answer> {
  const { file, client, selection } = result;
  const { candidates, excluded } = selection;
  const path = encodePath(file.path);
  const slash = file.path.lastIndexOf("/") + 1;
  const heading = markup`<h1><small>${file.path.slice(0, slash)}</small>${
    file.path.slice(slash)
  }</h1>`;
  const served = candidates.length > 0;
  const content = [
    heading,
    renderListNotices(path, asked, result),
    renderNotices(found, result),
    renderAnswerCard(result, path + listQuery(asked, {}, "")),
    markup`<div class="grid">
${renderFileCard(file)}
${renderClientCard(result, asked)}
</div>`,
    renderShareCard(file, asked.forms),
    await renderMirrorMap(client, candidates),
    sharesCard(candidates),
    served ? rankedCard(candidates, path, asked) : NO_HTML,
    excluded.length > 0 ? excludedCard(excluded, path) : NO_HTML,
    lackingLine(asked.lacking),
  ];
  return renderPage(program, frame, {
    title: `Mirrorlist ${file.path}`,
    content: lines(content),
    status: served ? 200 : 503,
    headers: served ? [] : [RETRY_AFTER],
  });
}

function sharesCard(candidates: readonly Candidate[]): Html {
  const ring = shareRing(candidates);
  return ring.length === 0 ? NO_HTML : markup`<section class="card" aria-labelledby="shares">
<h2 id="shares">Who serves you, and how often</h2>
${ring}
</section>`;
}

function rankedCard(candidates: readonly Candidate[], path: string, asked: ListAsked): Html {
  const rows = candidates.map(({ mirror, url, distance, share }, index): Row => ({
    key: mirror.id,
    cells: [
      `${index + 1}.`,
      ...mirrorCells(mirror, url, distance, path),
      markup`${shareCell(share)}${notThisOne(mirror, path, asked)}`,
    ],
  }));
  return markup`<section class="card" aria-label="Mirrors">
${renderTable("Mirrors", RANKED_COLUMNS, [rows])}
</section>`;
}

/**
 * A link to the same list without a mirror, which leads to a download without it. The style gives it its
 * text, because tools read the text of cells.
 */
function notThisOne({ name }: MirrorRecord, path: string, asked: ListAsked): Html {
  if (!asked.mayAvoid) return NO_HTML;
  const query = listQuery(asked, { avoid: [...asked.avoid, name] }, "mirrorlist");
  return markup`<a class="other" rel="nofollow" aria-label="not this one: ${name}" href="${path}${query}"></a>`;
}

function shareCell(share: number | null): Html {
  const text = shareText(share);
  if (share === null) return markup`<span class="muted">${text}</span>`;
  return markup`${text}${renderBar(share)}`;
}

function excludedCard(excluded: readonly Exclusion[], path: string): Html {
  const groups = new Map<string, Exclusion[]>();
  // Those with the same reason stay in order of mirror ID.
  for (const exclusion of excluded) {
    const text = exclusionText(exclusion.reason);
    groups.set(text, [...groups.get(text) ?? [], exclusion]);
  }
  const sorted = [...groups].sort(([a], [b]) => a < b ? -1 : 1);
  const summary = sorted.map(([text, [first, ...more]]) =>
    markup`<li>${reasonTag(first!, text)} ${more.length + 1}</li>`
  );
  const meanings = sorted.map(([text, [first]]) =>
    markup`<dt>${text}</dt><dd>${reasonMeaning(first!.reason)}</dd>`
  );
  const rows = sorted.map(([text, group]) =>
    group.map((exclusion): Row => ({
      key: exclusion.mirror.id,
      cells: [
        ...mirrorCells(exclusion.mirror, exclusion.url, exclusion.distance, path),
        reasonTag(exclusion, text),
      ],
    }))
  );
  return markup`<section class="card" aria-labelledby="excluded">
<h2 id="excluded">Excluded mirrors</h2>
<ul class="reasons">
${lines(summary)}
</ul>
${renderTable("Excluded mirrors", EXCLUDED_COLUMNS, rows)}
<details><summary>What the reasons mean</summary>
<dl class="facts">
${lines(meanings)}
</dl></details>
</section>`;
}

/** Mirrors that do not have the file, in one folded line. */
function lackingLine(lacking: readonly MirrorRecord[]): Html {
  if (lacking.length === 0) return NO_HTML;
  const mirrors = lacking.length === 1 ? "1 mirror lacks" : `${lacking.length} mirrors lack`;
  const names = lacking.map(({ name }) => name).join(", ");
  return markup`<details class="lacking"><summary>${mirrors} the file</summary> <p>${names}</p></details>`;
}

function reasonTag({ reason }: Exclusion, text: string): Html {
  const { type } = reason;
  const kind = type === "disabled" || type === "downtime"
    ? " off"
    : type.startsWith("down")
    ? " bad"
    : type === "size" || type === "time"
    ? " partial"
    : "";
  return markup`<span class="tag${kind}" title="${reasonMeaning(reason)}">${text}</span>`;
}

function mirrorCells(
  mirror: MirrorRecord,
  url: string,
  distance: number,
  path: string,
): readonly (Html | string)[] {
  const countries = mirror.countryCodes.map((code) => COUNTRIES.get(code)?.name ?? code).join(", ");
  return [
    renderMirrorName(mirror),
    renderLink(url, url + path.slice(1)),
    markup`<span title="${countries}">${mirror.countryCodes.join(" ")}</span>`,
    mirror.continentCode,
    `${Math.round(distance)} Km`,
  ];
}
