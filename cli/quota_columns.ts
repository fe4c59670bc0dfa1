import { formatQuantity } from "../lib/catalog/quantity.ts";
import type { QuotasJson } from "../lib/control/api/quota_schemas.ts";
import type { ListColumn } from "./list_columns.ts";

type Use = { readonly used: number; readonly limit: number };

/**
 * The columns of `list -quota`.
 *
 * @param quotas of those that have a limit
 */
export function quotaColumns(quotas: QuotasJson["mirrors"]): ListColumn[] {
  const byId = new Map(quotas.map((one) => [one.id, one]));
  return [
    { head: "DAY", cell: ({ id }) => useText(byId.get(id)?.day ?? null) },
    { head: "MONTH", cell: ({ id }) => useText(byId.get(id)?.month ?? null) },
    { head: "SINCE", cell: ({ id }) => byId.get(id)?.month?.since ?? "" },
    { head: "FULL", cell: ({ id }) => byId.get(id)?.month?.full ?? "" },
  ];
}

/** `1.2 TB of 25 TB (5 %)`. */
function useText(use: Use | null): string {
  if (use === null) return "";
  const { used, limit } = use;
  const percent = Math.floor(used * 100 / limit);
  return `${roundText(used)} of ${formatQuantity(limit, "bytes")} (${percent} %)`;
}

function roundText(bytes: number): string {
  const power = Math.min(5, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const digits = power === 0 ? 0 : 1;
  return `${(bytes / 1000 ** power).toFixed(digits)} ${["B", "kB", "MB", "GB", "TB", "PB"][power]}`;
}
