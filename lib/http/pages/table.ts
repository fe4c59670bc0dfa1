import { type Html, lines, markup, NO_HTML } from "../render/html.ts";

/** A column of a table. */
export interface Column {
  /** Head, as text: tools find the column by it. */
  readonly head: string;
  /** Class of its cells. */
  readonly kind?: string;
}

/** A cell of which the script, or the style, knows more than what stands in it. */
export interface Cell {
  readonly content: Html | string;
  /** Value by which rows are sorted, where the text is none. */
  readonly sort?: number | string;
  /** Code of a country: what a narrow screen shows, and what the filter finds, too. */
  readonly code?: string;
  /** Whether nobody knows what should stand in it. */
  readonly unknown?: boolean;
}

/** A row: its cells, as HTML or as text. */
export interface Row {
  readonly cells: readonly (Html | string | Cell)[];
  /** Links the row to a marker on the map; absent: there is none. */
  readonly key?: number;
}

/** Rows that belong together. */
export interface RowGroup {
  readonly rows: readonly Row[];
  /** Stands above them and folds them; absent: they just stand there. */
  readonly head?: GroupHead;
}

/** What stands above rows that belong together. */
export interface GroupHead {
  /** What they have in common, as text. */
  readonly text: string;
  /** How many there are, in words. */
  readonly count: string;
  /** Whether they are seen from the beginning. */
  readonly open: boolean;
}

/** What else a table has. */
export interface TableOptions {
  /** Makes the ids on a page unique. */
  readonly id: string;
  /** Label of a box that filters the rows, where the script runs; empty: there is none. */
  readonly filter?: string;
  /** Further class of the table. */
  readonly kind?: string;
  /**
   * Whether the style knows the cells of this kind of table by their place: then only the heads have classes,
   * which makes a long table half as large.
   */
  readonly byPlace?: boolean;
}

/**
 * Renders a table whose rows become lines on a narrow screen. Groups fold without a script.
 *
 * @param caption its caption, as text
 * @param columns its columns
 * @param groups rows that belong together
 * @param options what else it has
 * @returns HTML
 */
export function renderTable(
  caption: string,
  columns: readonly Column[],
  groups: readonly RowGroup[],
  { id, filter = "", kind = "", byPlace = false }: TableOptions,
): Html {
  const heads = columns.map(({ head, kind }) =>
    markup`<th scope="col"${classOf(kind)}>${head}</th>`
  );
  const classes = columns.map(({ kind }) => byPlace ? NO_HTML : classOf(kind));
  const bodies = groups.map(({ rows, head }, index) => {
    const all = rows.map(({ cells, key }) =>
      markup`<tr${key === undefined ? NO_HTML : markup` id="m${key}"`}>${
        cells.map((cell, index) => renderCell(cell, classes[index]!))
      }</tr>`
    );
    return markup`<tbody>
${head === undefined ? NO_HTML : groupHead(head, columns.length, `${id}-${index}`)}
${lines(all)}
</tbody>`;
  });
  const filtered = filter === "" ? NO_HTML : markup` data-filter="${filter}"`;
  return markup`<table class="stack sortable${kind && ` ${kind}`}"${filtered}>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
${lines(bodies)}
</table>`;
}

function renderCell(cell: Row["cells"][number], kind: Html): Html {
  if (typeof cell === "string" || !("content" in cell)) return markup`<td${kind}>${cell}</td>`;
  const { content, sort, code, unknown = false } = cell;
  const about = [
    kind,
    sort === undefined ? NO_HTML : markup` data-sort="${sort}"`,
    code === undefined ? NO_HTML : markup` data-code="${code}"`,
    unknown ? markup` data-unknown` : NO_HTML,
  ];
  return markup`<td${about}>${content}</td>`;
}

function groupHead({ text, count, open }: GroupHead, columns: number, id: string): Html {
  const checked = open ? markup` checked` : NO_HTML;
  return markup`<tr class="group"><th scope="rowgroup" colspan="${columns}"><input type="checkbox" class="fold" id="${id}"${checked}><label for="${id}">${text} <span class="muted">${count}</span></label></th></tr>`;
}

function classOf(kind: string | undefined): Html {
  return kind ? markup` class="${kind}"` : NO_HTML;
}
