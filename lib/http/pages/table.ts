import { type Html, lines, markup, NO_HTML } from "../render/html.ts";

/** A column of a table. */
export interface Column {
  /** Head, as text: tools find the column by it. */
  readonly head: string;
  /** Class of its cells. */
  readonly kind?: string;
  /** Says what the number is where there is no head, on a narrow screen. */
  readonly label?: string;
}

/** A row: its cells, as HTML or as text. */
export interface Row {
  readonly cells: readonly (Html | string)[];
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
): Html {
  const heads = columns.map(({ head, kind }) =>
    markup`<th scope="col" role="columnheader"${classOf(kind)}>${head}</th>`
  );
  const starts = columns.map(({ kind, label }) =>
    markup`<td role="cell"${classOf(kind)}${label ? markup` data-label="${label}"` : ""}>`
  );
  const bodies = groups.map((rows) => {
    const all = rows.map(({ cells, key }) =>
      markup`<tr role="row" data-mirror="${key}">${
        cells.map((cell, index) => markup`${starts[index]!}${cell}</td>`)
      }</tr>`
    );
    return markup`<tbody role="rowgroup">
${lines(all)}
</tbody>`;
  });
  return markup`<table class="stack sortable" role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
${lines(bodies)}
</table>`;
}

function classOf(kind: string | undefined): Html {
  return kind ? markup` class="${kind}"` : NO_HTML;
}
