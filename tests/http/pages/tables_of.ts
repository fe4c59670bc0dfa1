/** The tables of a page, as rows of cells of text. */
export function tablesOf(html: string): string[][][] {
  const cells = /<t[hd]\b[^>]*>(.*?)<\/t[hd]>/gs;
  return [...html.matchAll(/<table\b[^>]*>(.*?)<\/table>/gs)].map(([, table = ""]) =>
    [...table.matchAll(/<tr\b[^>]*>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
      [...row.matchAll(cells)].map(([, cell = ""]) => textOf(cell))
    )
  );
}

/** The text of some HTML, with the entities that the pages use. */
export function textOf(html: string): string {
  return html.replace(/<[^>]+>/g, "").replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&#34;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}
