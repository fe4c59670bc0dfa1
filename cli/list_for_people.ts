import type { MirrorJson, MirrorListJson } from "../lib/control/api/mirror_schemas.ts";
import type { ListColumn } from "./list_columns.ts";
import type { Output } from "./terminal/output.ts";
import { countsOf, countsText } from "./counts_text.ts";
import { fitRows } from "./terminal/fit_rows.ts";
import { clockTime, formatSpan } from "./terminal/format_time.ts";
import { formatTable } from "./terminal/table.ts";

/** Mirrors that are named, at most. */
const NAMED = 5;

/** A list as somebody at a terminal sees it, for `Output.writePainted()`. */
export interface PaintedList {
  /** Lines, each with its end. */
  readonly table: string;
  /** What stands below it: lines without their ends. */
  readonly foot: readonly string[];
}

/**
 * Writes a list of mirrors for somebody who looks at a terminal: in colours, as wide as it, with a sum.
 *
 * @param mirrors those of the listing that are shown, in that order
 * @param now milliseconds since the epoch
 */
export async function listForPeople(
  mirrors: readonly MirrorJson[],
  { asOf, staleAfter, scanOverdue }: MirrorListJson,
  columns: readonly ListColumn[],
  { output, now }: { readonly output: Pick<Output, "columns" | "paint">; readonly now: number },
): Promise<PaintedList> {
  const rows = [
    columns.map(({ head }) => head),
    ...mirrors.map((mirror) => columns.map(({ cell }) => output.paint(cell(mirror), null))),
  ];
  const least = columns.map(({ least: width }, index) => [index, width] as const)
    .filter((one): one is readonly [number, number] => one[1] !== undefined);
  const fitting = await fitRows(rows, output.columns, least) ?? rows;
  const table = await formatTable(fitting, output.columns, (cell, row, column) => {
    const mirror = mirrors[row - 1];
    const colour = mirror === undefined ? null : columns[column]?.colour?.(mirror) ?? null;
    return cell === "" ? cell : output.paint(cell, colour);
  });
  const overdue = mirrors.filter(({ status, unchecked, wholeTree, lastSuccessfulSync }) =>
    status !== "disabled" && !unchecked && !wholeTree && lastSuccessfulSync !== null &&
    now - Date.parse(lastSuccessfulSync) > scanOverdue
  );
  return {
    table,
    foot: [
      countsText(countsOf(mirrors, staleAfter, now)),
      ...(overdue.length === 0 ? [] : [output.paint(overdueText(overdue, scanOverdue), "warn")]),
      ...(asOf === null ? [] : [output.paint(awayText(asOf), "warn")]),
    ],
  };
}

/** `as of 13:20:14 UTC, the store is away`. */
export function awayText(asOf: string): string {
  return `as of ${clockTime(asOf)}, the store is away`;
}

/** `2 not scanned for 2 h or longer: nl, us`. */
function overdueText(
  mirrors: readonly { readonly name: string }[],
  scanOverdue: number,
): string {
  const names = mirrors.slice(0, NAMED).map(({ name }) => name);
  const more = mirrors.length > NAMED ? ["…"] : [];
  return `${mirrors.length} not scanned for ${formatSpan(scanOverdue)} or longer: ` +
    [...names, ...more].join(", ");
}
