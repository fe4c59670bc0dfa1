import {
  type AddressFamily,
  type FamilyState,
  type FamilyStates,
  UNKNOWN_FAMILY,
} from "../catalog/families.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Log } from "../log/log.ts";
import type { Store } from "../store/store.ts";
import type { Finding } from "./finding.ts";

/** What {@linkcode recordFamilies} takes. */
export interface RecordFamiliesOptions {
  /** The mirror as it was when the check began. */
  readonly mirror: MirrorRecord;
  readonly store: Pick<Store, "mirror" | "updateMirrorState">;
  /** Minutes between two checks. */
  readonly checkInterval: number;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Intervals between checks after which a state that stays is written again, so that it counts on. */
const REFRESH = 1.5;

const MINUTE = 60_000;

/** Writes what checks found over each family of addresses, where that is new or about to count no more. */
export async function recordFamilies(
  findings: readonly Finding[],
  { mirror, store, checkInterval, log, now }: RecordFamiliesOptions,
): Promise<void> {
  const time = now();
  const found = { 4: judge(findings, 4), 6: judge(findings, 6) };
  const refresh = REFRESH * Math.max(1, checkInterval) * MINUTE;
  const isNew = (known: FamilyState | undefined, one: Omit<FamilyState, "time"> | null): boolean =>
    one !== null && (known?.state !== one.state || known.text !== one.text ||
      Math.abs(time - known.time) >= refresh);
  if (!isNew(mirror.families?.ipv4, found[4]) && !isNew(mirror.families?.ipv6, found[6])) return;
  const current = await store.mirror(mirror.id);
  // What another URL serves was not asked.
  if (current === null || current.httpUrl !== mirror.httpUrl) return;
  const known = current.families;
  const families: FamilyStates = {
    ipv4: found[4] === null ? known?.ipv4 ?? UNKNOWN_FAMILY : { ...found[4], time },
    ipv6: found[6] === null ? known?.ipv6 ?? UNKNOWN_FAMILY : { ...found[6], time },
  };
  await store.updateMirrorState(mirror.id, { families });
  const names = { ipv4: "IPv4", ipv6: "IPv6" } as const;
  for (const key of ["ipv4", "ipv6"] as const) {
    const { state, text } = families[key];
    const before = known?.[key].state ?? "unknown";
    const other = families[key === "ipv4" ? "ipv6" : "ipv4"].state;
    // Where there is no other one, the mirror itself goes up or down.
    if (state === before || state === "none" || other !== "up") continue;
    const told = `Mirror ${mirror.name} is ${state} over ${names[key]}`;
    if (state === "down") log.warn(`${told}: ${text}`);
    else if (before === "down") log.info(told);
  }
}

/** What the schemes of a mirror say of a family together: up where one of them is. */
function judge(
  findings: readonly Finding[],
  family: AddressFamily,
): Omit<FamilyState, "time"> | null {
  const states = findings.flatMap(({ families = [] }) =>
    families.filter((one) => one.family === family).map(({ state }) => state)
  );
  const up = states.find((state) => state?.state === "up");
  if (up || states.length === 0 || states.includes(null)) return up ?? null;
  return states.find((state) => state?.state === "down") ?? states[0]!;
}
