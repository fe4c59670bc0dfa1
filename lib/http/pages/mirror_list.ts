import { encodePath } from "../../catalog/encode_path.ts";
import type { FileCopy } from "../../catalog/file.ts";
import type { MirrorRecord } from "../../catalog/mirror_state.ts";
import type { Candidate, Exclusion } from "../../selection/selection.ts";
import type { OfferedFile } from "../request/decide.ts";
import type { Answer } from "../render/answer.ts";
import { RETRY_AFTER } from "../render/headers.ts";
import type { Result } from "../request/result.ts";
import { renderAnswerCard } from "./answer_card.ts";
import { renderBar } from "./bar.ts";
import { renderClientCard } from "./client_card.ts";
import { renderFileCard } from "./file_card.ts";
import type { Frame } from "./frame.ts";
import { type GroupKind, groupMirrors, type MirrorGroup } from "./group_mirrors.ts";
import { type ListAsked, listQuery } from "./list_links.ts";
import { renderListNotices } from "./list_notices.ts";
import { renderLink } from "./link.ts";
import { renderMirrorMap } from "./mirror_map.ts";
import { renderMirrorName } from "./mirror_name.ts";
import { renderNotices } from "./notices.ts";
import { renderPage } from "./page.ts";
import { reasonLabel, reasonMeaning, reasonText } from "./reason_words.ts";
import { type OfferedForms, renderShareCard } from "./share_card.ts";
import { shareRing } from "./share_ring.ts";
import {
  type Cell,
  type Column,
  type GroupHead,
  renderTable,
  type Row,
  type RowGroup,
} from "./table.ts";
import { exclusionText } from "../render/exclusion_text.ts";
import { type Html, lines, markup, NO_HTML } from "../render/html.ts";
import type { Words } from "./words/words.ts";

/** More excluded mirrors than this are folded. */
const FEW_EXCLUDED = 5;

/**
 * Renders the mirror list for people. The English heads of the tables are part of the interface: tools parse
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
    /** Whether its directory has a page. */
    readonly browsed: boolean;
  },
): Promise<Answer> {
  const { words } = frame;
  const { file, client, selection } = result;
  const { candidates, excluded } = selection;
  const path = encodePath(file.path);
  const slash = file.path.lastIndexOf("/") + 1;
  const above = markup`<bdi>${file.path.slice(0, slash)}</bdi>`;
  const as = asked.lang === null ? "" : `?lang=${asked.lang}`;
  const heading = markup`<h1><small>${
    asked.browsed ? markup`<a href="./${as}">${above}</a>` : above
  }</small><bdi>${file.path.slice(slash)}</bdi></h1>`;
  const served = candidates.length > 0;
  const map = await renderMirrorMap(words, client, candidates);
  const shares = sharesCard(words, candidates);
  const about = renderFileCard(words, file, frame.plain);
  const you = renderClientCard(words, path, result, asked);
  const share = renderShareCard(words, file, asked.forms);
  const nonsense = asked.fromIp !== null && !asked.moved;
  const status = nonsense ? 400 : served ? 200 : 503;
  const content = [
    heading,
    renderListNotices(words, path, asked, result),
    renderNotices(words, found, result),
    renderAnswerCard(words, result, {
      download: path + listQuery(asked, {}, ""),
      elsewhere: asked.moved,
    }),
    sideBySide(map, shares.length > 0 ? shares : you),
    served ? rankedCard(frame, result, path, asked) : NO_HTML,
    excluded.length > 0 ? excludedCard(frame, result, path, found) : NO_HTML,
    lackingLine(words, asked.lacking),
    ...(shares.length > 0 ? [sideBySide(about, you), share] : [sideBySide(about, share)]),
  ];
  return renderPage(program, frame, {
    title: words.text("list.title", { path: file.path }),
    content: lines(content),
    status,
    // Each link leads to another list: nothing for crawlers.
    headers: [["X-Robots-Tag", "noindex, nofollow"], ...status === 503 ? [RETRY_AFTER] : []],
  });
}

/** Two cards beside each other where there is room; one alone takes all of it. */
function sideBySide(left: Html, right: Html): Html {
  if (left.length === 0 || right.length === 0) return lines([left, right]);
  return markup`<div class="grid">
${left}
${right}
</div>`;
}

function sharesCard(words: Words, candidates: readonly Candidate[]): Html {
  const ring = shareRing(words, candidates);
  return ring.length === 0 ? NO_HTML : markup`<section class="card" aria-labelledby="shares">
<h2 id="shares">${words.text("list.shares")}</h2>
${ring}
</section>`;
}

/** The heads of tables of mirrors. */
function mirrorColumns(words: Words): readonly Column[] {
  return [
    { head: words.text("list.mirror"), kind: "name" },
    { head: words.text("list.url"), kind: "url" },
    { head: words.text("list.country"), kind: "country" },
    { head: words.text("list.continent"), kind: "spare" },
    { head: words.text("list.distance"), kind: "number far" },
  ];
}

function rankedCard(
  { words, plain }: Frame,
  { client, selection: { candidates, fallback } }: Result,
  path: string,
  asked: ListAsked,
): Html {
  const ordered = client?.located === true || fallback;
  const groups = fallback
    ? groupMirrors(candidates, null, Infinity)
    : groupMirrors(candidates, client);
  const bodies = groups.map((group): RowGroup => {
    const rows = group.mirrors.map(({ candidate, rank }): Row => {
      const { mirror, url, share } = candidate;
      const known = ordered && !fallback ? candidate.distance : null;
      // As JSON says it, to programs.
      const distance = plain ? candidate.distance : mirror.global ? null : known;
      return {
        key: mirror.id,
        cells: [
          ordered || plain ? `${words.number(rank)}.` : "",
          ...mirrorCells(words, mirror, url, distance, path),
          shareCell(words, share, {
            plain,
            after: group.open ? notThisOne(words, mirror, asked) : NO_HTML,
          }),
        ],
      };
    });
    return group.kind === "all" ? { rows } : { rows, head: groupHead(words, group) };
  });
  const columns = [
    { head: words.text("list.rank"), kind: "number rank" },
    ...mirrorColumns(words),
    { head: words.text("list.selection"), kind: "number last" },
  ];
  return markup`<section class="card" aria-label="${words.text("list.mirrors")}">
${
    renderTable(words.text("list.mirrors"), columns, bodies, {
      id: "mirrors",
      filter: candidates.length > groups.length && groups.length > 1 ? words.text("filter") : "",
      kind: ordered && !fallback ? "ranked by-rank" : "ranked by-rank unordered",
      byPlace: true,
    })
  }
</section>`;
}

function groupHead(words: Words, { kind, mirrors, open, more, total }: MirrorGroup): GroupHead {
  const count = more
    ? words.text("group.more", { count: mirrors.length })
    : words.text("group.show", { count: total });
  return { text: groupText(words, kind), count, open };
}

function groupText(words: Words, kind: GroupKind): string {
  if (typeof kind === "string") return kind === "all" ? "" : words.text(`group.${kind}`);
  return words.continent(kind.continent) || words.text("group.elsewhere");
}

/**
 * A link to the same list without a mirror, which leads to a download without it. The style gives it its
 * sign, because tools read the text of cells. Those that are folded have none: they serve nobody anyway.
 */
function notThisOne(words: Words, { name }: MirrorRecord, asked: ListAsked): Html {
  if (!asked.mayAvoid) return NO_HTML;
  const query = listQuery(asked, { avoid: [...asked.avoid, name] }, "mirrorlist");
  const label = words.text("list.not.named", { name });
  return markup`<a class="other" title="${label}" href="${query}"></a>`;
}

function distanceCell(words: Words, distance: number): Cell | string {
  const content = words.distance(distance);
  const sort = Math.round(distance);
  // The script reads digits, if they are those of its own language.
  return content.replace(/\D/g, "") === `${sort}` ? content : { content, sort };
}

/**
 * @param share percent; `null` outside the draw, which only programs are told
 * @param how.after what stands behind it
 */
function shareCell(
  words: Words,
  share: number | null,
  { plain, after }: { readonly plain: boolean; readonly after: Html },
): Html | Cell {
  if (share !== null) {
    return {
      content: markup`<span>${words.share(share)}</span>${renderBar(share)}${after}`,
      sort: share.toFixed(2),
    };
  }
  if (!plain) return after;
  const text = words.share(share);
  return after.length === 0
    ? { content: text }
    : markup`<span class="muted">${text}</span>${after}`;
}

function excludedCard(
  { words, plain }: Frame,
  { client, selection: { excluded } }: Result,
  path: string,
  found: OfferedFile,
): Html {
  // Those with the same reason stay in order of mirror ID.
  const groups = [...Map.groupBy(excluded, ({ reason }) => reasonLabel(words, reason))]
    .sort(([a], [b]) => a < b ? -1 : 1);
  const summary = groups.map(([label, [first, ...more]]) =>
    markup`<li>${reasonTag(first!, label, reasonMeaning(words, first!.reason))} ${
      words.number(more.length + 1)
    }</li>`
  );
  const meanings = groups.map(([label, [first]]) =>
    markup`<dt>${label}</dt><dd>${reasonMeaning(words, first!.reason)}</dd>`
  );
  const copies: ReadonlyMap<number, FileCopy> = new Map(
    found.type === "indexed"
      ? found.indexed.copies.map((copy) => [copy.mirrorId, copy] as const)
      : [],
  );
  const { size } = found.type === "indexed" ? found.indexed.file : { size: 0 };
  const bodies = groups.map(([, group]): RowGroup => ({
    rows: group.map((exclusion): Row => {
      const { mirror, url, distance, reason } = exclusion;
      const known = client?.located && !mirror.global ? distance : null;
      const text = reasonText(words, exclusion, { size }, copies.get(mirror.id));
      return {
        cells: [
          ...mirrorCells(words, mirror, url, known, path),
          plain ? reasonTag({ reason }, exclusionText(reason), text) : reasonTag({ reason }, text),
        ],
      };
    }),
  }));
  const columns = [...mirrorColumns(words), { head: words.text("list.reason"), kind: "why" }];
  const caption = words.text("list.excluded");
  const kind = client?.located ? "excluded" : "excluded unmeasured";
  const options = { id: "excluded", kind, byPlace: true };
  const table = renderTable(caption, columns, bodies, options);
  return markup`<section class="card" aria-labelledby="excluded">
<h2 id="excluded">${caption}</h2>
<ul class="reasons">
${lines(summary)}
</ul>
${
    excluded.length > FEW_EXCLUDED
      ? markup`<details><summary>${
        words.text("list.excluded.show", { count: excluded.length })
      }</summary>
${table}
</details>`
      : table
  }
<details><summary>${words.text("list.meanings")}</summary>
<dl class="facts">
${lines(meanings)}
</dl></details>
</section>`;
}

/** Mirrors that do not have the file, in one folded line. */
function lackingLine(words: Words, lacking: readonly MirrorRecord[]): Html {
  if (lacking.length === 0) return NO_HTML;
  const names = words.joined(lacking.map(({ name }) => name));
  return markup`<details class="lacking"><summary>${
    words.text("list.lacking", { count: lacking.length })
  }</summary> <p>${names}</p></details>`;
}

/** @param meaning what it means, where that is said nowhere else */
function reasonTag(
  { reason }: Pick<Exclusion, "reason">,
  text: string,
  meaning = "",
): Html {
  const { type } = reason;
  const kind = type === "disabled" || type === "downtime"
    ? " off"
    : type.startsWith("down")
    ? " bad"
    : type === "size" || type === "time"
    ? " partial"
    : "";
  const title = meaning === "" ? NO_HTML : markup` title="${meaning}"`;
  return markup`<span class="tag${kind}"${title}>${text}</span>`;
}

/** @param distance kilometres; `null`: not known */
function mirrorCells(
  words: Words,
  mirror: MirrorRecord,
  url: string,
  distance: number | null,
  path: string,
): Row["cells"] {
  const codes = mirror.countryCodes;
  const countries = words.list(codes.map((code) => words.country(code)));
  return [
    renderMirrorName(words, mirror),
    renderLink(url, url + path.slice(1)),
    codes.length === 0 ? "" : { content: countries, code: codes[0]! },
    words.continent(mirror.continentCode),
    distance === null ? "" : distanceCell(words, distance),
  ];
}
