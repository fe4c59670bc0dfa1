import { escapeHtml } from "../render/escape_html.ts";

/** A column of a table. */
export interface Column {
  /** Head, as text: tools find the column by it. */
  readonly head: string;
  /** Class of its cells. */
  readonly kind?: string;
  /** Says what the number is where there is no head, on a narrow screen. */
  readonly label?: string;
}

/** A row: the HTML of its cells. */
export interface Row {
  readonly cells: readonly string[];
  /** Links the row to a marker on the map. */
  readonly key: number;
}

/**
 * Renders a table whose rows become blocks on a narrow screen. Roles are written out, since browsers
 * forget them when cells are laid out in another way.
 *
 * @param caption its caption, as text
 * @param columns its columns
 * @param groups rows that belong together
 * @returns HTML
 */
export function renderTable(
  caption: string,
  columns: readonly Column[],
  groups: readonly (readonly Row[])[],
): string {
  const heads = columns.map(({ head, kind }) =>
    `<th scope="col" role="columnheader"${classOf(kind)}>${escapeHtml(head)}</th>`
  );
  const starts = columns.map(({ kind, label }) =>
    `<td role="cell"${classOf(kind)}${label ? ` data-label="${escapeHtml(label)}"` : ""}>`
  );
  const bodies = groups.map((rows) => {
    const lines = rows.map(({ cells, key }) =>
      `<tr role="row" data-mirror="${key}">${
        cells.map((cell, index) => `${starts[index]}${cell}</td>`).join("")
      }</tr>`
    );
    return `<tbody role="rowgroup">\n${lines.join("\n")}\n</tbody>`;
  });
  return `<table class="stack sortable" role="table">
<caption>${escapeHtml(caption)}</caption>
<thead role="rowgroup"><tr role="row">${heads.join("")}</tr></thead>
${bodies.join("\n")}
</table>`;
}

function classOf(kind: string | undefined): string {
  return kind ? ` class="${kind}"` : "";
}
