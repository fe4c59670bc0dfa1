/** What a cell of a table holds. */
export type CsvCell = string | number | null;

/**
 * Writes a table as comma-separated values (RFC 4180, but for the line ends), with a line for the heads.
 *
 * @param heads of the columns
 * @param rows as many cells each; `null`: an empty one
 * @returns lines that end with LF
 */
export function toCsv(heads: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [heads, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

function cell(value: CsvCell): string {
  const text = value === null ? "" : String(value);
  // A spreadsheet would take what begins like that for a formula.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
