import { isInDowntime } from "../catalog/downtime.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { NotifyEvent } from "../config/notify_receiver.ts";
import type { Concern, ConcernEvent } from "./concern.ts";
import type { NamedReceiver } from "./receivers.ts";

/** Something that a receiver does not know yet. */
export interface News {
  readonly event: NotifyEvent;
  /** ID of the mirror, or name of the machine. */
  readonly subject: number | string;
  readonly reason: string;
  readonly cause: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly level: string;
  /** Under which key it is known that it was told, what is known there now, and what will be. */
  readonly key: string;
  readonly known: string | null;
  readonly next: string | null;
}

/** What there is to tell, and what is to be remembered though it is not told. */
export interface NewsFound {
  readonly news: readonly News[];
  readonly quiet: ReadonlyMap<string, string | null>;
}

/** What {@linkcode newsFor} goes by. */
export interface NewsFacts {
  /** The mirrors that this node tells about. */
  readonly mirrors: readonly MirrorRecord[];
  /** What is wrong with them, and with this node. */
  readonly concerns: readonly Concern[];
  /** Name of this machine. */
  readonly machine: string;
  /** What is known to be told. */
  readonly told: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is known of something that was told. */
interface Told {
  readonly since: number;
  readonly level: string;
  readonly reason: string;
}

const OF_MIRRORS: readonly ConcernEvent[] = ["down", "stale", "certificate", "quota"];
const OF_NODES: readonly ConcernEvent[] = ["source", "fallback"];

const MINUTE = 60_000;

/** Finds what a receiver is to be told. */
export function newsFor(named: NamedReceiver, facts: NewsFacts): NewsFound {
  const found: Found = { news: [], quiet: new Map() };
  const going = new Set(facts.concerns.map(({ event, subject }) => `${event} ${subject}`));
  const planned = new Set(
    facts.mirrors.filter((mirror) => isInDowntime(mirror, facts.now)).map(({ id }) => id),
  );
  begun(named, facts, planned, found);
  for (const mirror of facts.mirrors) {
    // Whoever planned it knows; what was told before is not over by that.
    if (planned.has(mirror.id)) continue;
    switched(named, mirror, facts, found);
    for (const event of OF_MIRRORS) ended(named, event, mirror.id, mirror, facts, going, found);
  }
  for (const event of OF_NODES) ended(named, event, facts.machine, null, facts, going, found);
  return found;
}

interface Found {
  readonly news: News[];
  readonly quiet: Map<string, string | null>;
}

/** What is wrong for long enough, and was not told. */
function begun(
  { name, receiver }: NamedReceiver,
  facts: NewsFacts,
  planned: ReadonlySet<number | string>,
  { news }: Found,
): void {
  for (const concern of facts.concerns) {
    const { event, subject, reason, since, level, held = false } = concern;
    if (held || planned.has(subject) || !receiver.events.includes(event)) continue;
    if (facts.now - since < receiver.after * MINUTE) continue;
    const key = keyOf(name, event, subject);
    const known = facts.told.get(key) ?? null;
    if (known !== null && read(known)?.level === level) continue;
    const next = JSON.stringify({ since, level, reason: reason.slice(0, 200) } satisfies Told);
    news.push({ ...concern, key, known, next });
  }
}

/** What was told, and is over. */
function ended(
  { name, receiver }: NamedReceiver,
  event: ConcernEvent,
  subject: number | string,
  mirror: MirrorRecord | null,
  { told, now }: NewsFacts,
  going: ReadonlySet<string>,
  { news, quiet }: Found,
): void {
  const key = keyOf(name, event, subject);
  const known = told.get(key) ?? null;
  if (known === null) return;
  if (going.has(`${event} ${subject}`)) return;
  if (event !== "down" || mirror === null || !mirror.enabled) return void quiet.set(key, null);
  // It may be that nobody knows how it is.
  if (!mirror.httpUp && !mirror.httpsUp) return;
  if (!receiver.events.includes("up")) return void quiet.set(key, null);
  const before = read(known);
  const reason = before === null
    ? ""
    : `it was down since ${new Date(before.since).toISOString()}, ${before.reason}`;
  const since = mirror.stateSince ?? now;
  news.push({ event: "up", subject, reason, cause: "", since, level: "", key, known, next: null });
}

/** Whether a mirror was disabled; one that never was seen enabled was not. */
function switched(
  { name, receiver }: NamedReceiver,
  { id, enabled }: MirrorRecord,
  { told, now }: NewsFacts,
  { news, quiet }: Found,
): void {
  if (!receiver.events.includes("disabled")) return;
  const key = keyOf(name, "enabled", id);
  const known = told.get(key) ?? null;
  if (enabled === (known !== null)) return;
  if (enabled) return void quiet.set(key, "1");
  const rest = { reason: "", cause: "", since: now, level: "" };
  news.push({ event: "disabled", subject: id, ...rest, key, known, next: null });
}

/** The key under which it is kept that something was told. */
function keyOf(name: string, what: string, subject: number | string): string {
  return `${name} ${what} ${subject}`;
}

function read(known: string): Told | null {
  try {
    const { since, level, reason } = JSON.parse(known);
    return Number.isFinite(since) ? { since, level: String(level), reason: String(reason) } : null;
  } catch {
    return null;
  }
}
