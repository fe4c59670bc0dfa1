import type { ExclusionReason } from "./exclusion_reason.ts";

/** The type of a reason. */
export type ExclusionType = ExclusionReason["type"];

const NUMBERS: Readonly<Record<ExclusionType, number>> = {
  disabled: 0,
  downtime: 1,
  not_https: 2,
  not_http: 3,
  down: 4,
  down_both: 5,
  down_not_https: 6,
  down_not_http: 7,
  not_scanned: 8,
  not_carried: 9,
  size: 10,
  revision: 11,
  syncing: 12,
  unsteady: 13,
  time: 14,
  networks: 15,
  family: 16,
  rule: 17,
  monopoly: 18,
  avoided: 19,
  not_chosen: 20,
  quota: 21,
  continent: 22,
  country: 23,
  as: 24,
  excluded_country: 25,
  embargo: 26,
};

/** The type of every reason there is, each at its number. */
export const EXCLUSION_TYPES: readonly ExclusionType[] = Object.keys(NUMBERS) as ExclusionType[];

/** The number of a type, from 0 on. */
export function exclusionNumber(type: ExclusionType): number {
  return NUMBERS[type];
}
