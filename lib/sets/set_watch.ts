import type { ListedFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import {
  formatStanding,
  parseStandingName,
  type SetRevision,
  type SetStanding,
  standingName,
} from "../catalog/set_state.ts";
import type { Clock } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { SetView } from "../selection/set_view.ts";
import type { Trees } from "../selection/tree.ts";
import type { Store } from "../store/store.ts";
import { lookUpAll } from "./look_up_all.ts";
import { isWhole } from "./mirror_versions.ts";
import { MOST_NAMES, recordListed } from "./record_listed.ts";
import type { RootAnswer } from "./root_answer.ts";

/** What a {@linkcode SetWatch} works with. */
export interface SetWatchOptions {
  readonly store: Pick<
    Store,
    "available" | "lock" | "lookup" | "mirrors" | "notes" | "updateCopies"
  >;
  readonly config: () => Pick<Config, "checkInterval">;
  /** The sets as they are now. */
  readonly trees: () => Trees | null;
  /** Whether this node checks a mirror. */
  readonly isMine: (id: number) => boolean;
  /** Asks a mirror for a root. */
  readonly ask: (
    mirror: MirrorRecord,
    root: string,
    etag: string,
    signal: AbortSignal,
  ) => Promise<RootAnswer>;
  /** Lists what a mirror has of some names below a directory; `null`: that cannot be done. */
  readonly list: (
    mirror: MirrorRecord,
    below: string,
    names: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly ListedFile[] | null>;
  /** Scans a mirror soon: it has a newer revision. */
  readonly scanSoon: (id: number) => void;
  readonly log: Log;
  readonly clock: Pick<Clock, "every" | "now">;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at what is due. */
const TICK = 1000;

/** Milliseconds after which a mirror that is behind is asked again, at most. */
const BEHIND = 10_000;

/** Milliseconds between two listings of one mirror, at least. */
const LISTING = 10_000;

/** The longest time between two listings while a mirror does not become whole. */
const LONGEST = 60_000;

const MINUTE = 60_000;

/** Milliseconds between two full scans that newer revisions call for. */
const FULL = 10 * MINUTE;

/** Mirrors that are asked at once. */
const AT_ONCE = 10;

/** What is known of a mirror's part of a set beside its standing. */
interface Looked {
  checked: number;
  /** The last scan of the mirror that ended well before that. */
  scan: number | null;
  etag: string;
  /** What was answered last with content: its revision may become known later. */
  answer: Extract<RootAnswer, { type: "content" | "large" }> | null;
  /** When a check saw that first. */
  seenAt: number;
  listed: number;
  wait: number;
  /** When its revision went back, newest last. */
  backwards: number[];
}

/** Finds out which revisions of metadata sets mirrors have, and whether all of it. */
export class SetWatch implements AsyncDisposable {
  readonly #options: SetWatchOptions;
  readonly #looked = new Map<string, Looked>();
  readonly #busy = new Map<number, Promise<void>>();
  readonly #listed = new Map<number, number>();
  /** When a scan that newer revisions called for began. */
  readonly #scanned = new Map<number, number>();
  /** When the last whole scan began. */
  readonly #whole = new Map<number, number>();
  #looking = false;

  constructor(options: SetWatchOptions) {
    this.#options = options;
  }

  /** Looks every second at what is due, until that is disposed of. */
  start(): Disposable {
    return this.#options.clock.every(TICK, () => void this.look());
  }

  /** A whole scan of a mirror ended well that began then. */
  async scanned(mirror: MirrorRecord, began: number): Promise<void> {
    this.#whole.set(mirror.id, began);
    for (const set of this.#options.trees()?.sets.values() ?? []) {
      const standing = set.standings.get(mirror.id);
      if (standing) await this.#judgeScanned(mirror, set, standing);
    }
  }

  /** Sets have other revisions: what mirrors were seen to have may be one of them. */
  async revised(roots: readonly string[]): Promise<void> {
    const { trees, store, clock } = this.#options;
    const mirrors = await store.mirrors();
    for (const root of roots) {
      const set = trees()?.sets.get(root);
      for (const mirror of set === undefined ? [] : mirrors) {
        const looked = this.#looked.get(standingName(mirror.id, root));
        const before = set!.standings.get(mirror.id);
        if (!looked?.answer || !before || before.seen !== null) continue;
        const standing = await this.#see(mirror, set!, before, looked.answer, looked, clock.now());
        await this.#judgeScanned(mirror, set!, standing);
      }
    }
  }

  /** Judges by the last whole scan, if that began after a check saw the root. */
  async #judgeScanned(mirror: MirrorRecord, set: SetView, standing: SetStanding): Promise<void> {
    const looked = this.#looked.get(standingName(mirror.id, set.root));
    const began = this.#whole.get(mirror.id) ?? -Infinity;
    if (looked && looked.seenAt < began) await this.#judge(mirror, set, standing);
  }

  /** Begins what is due now. */
  async look(): Promise<void> {
    const { store, trees, isMine, signal, log } = this.#options;
    const sets = [...trees()?.sets.values() ?? []];
    if (this.#looking || sets.length === 0 || !store.available || signal.aborted) return;
    this.#looking = true;
    try {
      for (const mirror of await store.mirrors()) {
        if (this.#busy.size >= AT_ONCE) break;
        // What one that is asked file by file has at once, nobody knows.
        if (mirror.wholeTree) continue;
        if (!mirror.enabled || !(mirror.httpUp || mirror.httpsUp)) continue;
        if (mirror.lastSuccessfulSync === null || !isMine(mirror.id)) continue;
        const set = this.#busy.has(mirror.id) ? null : this.#due(mirror, sets);
        if (set === null) continue;
        const work = this.#visit(mirror, set)
          .catch((error) => {
            if (signal.aborted) return;
            log.debug(`Set ${set.root} of ${mirror.name}: ${messageOf(error)}`);
          })
          .finally(() => this.#busy.delete(mirror.id));
        this.#busy.set(mirror.id, work);
      }
      this.#forget(new Set(sets.map(({ root }) => root)));
    } catch (error) {
      log.debug(`Cannot look after metadata sets: ${messageOf(error)}`);
    } finally {
      this.#looking = false;
    }
  }

  /** Waits until nobody is asked any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#busy.values());
  }

  /** See {@linkcode settled}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
  }

  /** The set that waits longest: those behind first. */
  #due(mirror: MirrorRecord, sets: readonly SetView[]): SetView | null {
    const { clock, config } = this.#options;
    const interval = Math.max(TICK, config().checkInterval * MINUTE);
    let due: SetView | null = null;
    let longest = -Infinity;
    for (const set of sets) {
      const looked = this.#looked.get(standingName(mirror.id, set.root));
      const standing = set.standings.get(mirror.id);
      // Who did not carry it may do so by a newer listing.
      const anew = standing === undefined && looked?.scan !== mirror.lastSuccessfulSync;
      const checked = looked === undefined || anew ? -Infinity : looked.checked;
      const behind = standing !== undefined && standing.whole !== set.present;
      const overdue = clock.now() - checked - (behind ? Math.min(interval, BEHIND) : interval);
      const weight = overdue + (behind ? FULL : 0);
      if (overdue < 0 || weight <= longest) continue;
      due = set;
      longest = weight;
    }
    return due;
  }

  async #visit(mirror: MirrorRecord, set: SetView): Promise<void> {
    const { store, ask, clock, signal } = this.#options;
    const name = standingName(mirror.id, set.root);
    const now = clock.now();
    const looked = this.#looked.get(name) ??
      {
        ...{ checked: now, scan: null, etag: "", answer: null, seenAt: 0 },
        ...{ listed: -Infinity, wait: 0, backwards: [] },
      };
    this.#looked.set(name, looked);
    looked.checked = now;
    looked.scan = mirror.lastSuccessfulSync;
    const copies = (await store.lookup(set.root))?.copies ?? [];
    const before = set.standings.get(mirror.id);
    if (!copies.some(({ mirrorId }) => mirrorId === mirror.id)) {
      return await this.#drop(name, before);
    }
    const answer = await ask(mirror, set.root, before ? looked.etag : "", signal);
    if (answer.type === "failed") return;
    if (answer.type === "missing") return await this.#drop(name, before);
    if (answer.type !== "unchanged") {
      looked.etag = answer.type === "content" ? answer.etag : "";
      if (!isSame(answer, looked.answer)) {
        looked.seenAt = now;
        looked.wait = 0;
      }
      looked.answer = answer;
    }
    if (looked.answer === null) return;
    const standing = await this.#see(mirror, set, before, looked.answer, looked, now);
    if (standing.seen === null || standing.seen === standing.whole) return;
    await this.#listIfDue(mirror, set, standing, looked);
  }

  async #see(
    mirror: MirrorRecord,
    set: SetView,
    before: SetStanding | undefined,
    answer: Extract<RootAnswer, { type: "content" | "large" }>,
    looked: Looked,
    now: number,
  ): Promise<SetStanding> {
    const seen = revisionOf(set.history.revisions, answer);
    const hour = now - 60 * MINUTE;
    if (before && before.seen !== null && seen !== null && seen < before.seen) {
      looked.backwards = [...looked.backwards.filter((time) => time > hour), now];
    }
    const lately = looked.backwards.filter((time) => time > now - 10 * MINUTE).length;
    const unsteady = lately >= 2 ||
      (before?.unsteady === true && looked.backwards.some((time) => time > hour));
    if (before && before.seen === seen && before.unsteady === unsteady) return before;
    const whole = before?.whole === seen ? seen : null;
    const standing = { seen, whole, unsteady, time: now };
    await this.#write(mirror.id, set, standing);
    return standing;
  }

  async #listIfDue(
    mirror: MirrorRecord,
    set: SetView,
    standing: SetStanding,
    looked: Looked,
  ): Promise<void> {
    const { store, list, clock, signal, scanSoon } = this.#options;
    const now = clock.now();
    if (now - looked.listed < looked.wait) return;
    if (now - (this.#listed.get(mirror.id) ?? -Infinity) < LISTING) return;
    await using lock = await store.lock({ mirrorId: mirror.id });
    if (lock === null) return;
    looked.listed = now;
    this.#listed.set(mirror.id, now);
    looked.wait = Math.min(LONGEST, Math.max(2000, 2 * looked.wait));
    const names = [...new Set([set.root, ...set.history.former.keys()])].slice(0, MOST_NAMES);
    const listed = await list(mirror, set.below, names, AbortSignal.any([signal, lock.signal]));
    if (listed === null) return;
    await recordListed({ store, mirror, set, names, listed, signal: lock.signal });
    const whole = await this.#judge(mirror, set, standing);
    const scanned = this.#scanned.get(mirror.id) ?? -Infinity;
    if (!whole || now - scanned < FULL) return;
    this.#scanned.set(mirror.id, now);
    scanSoon(mirror.id);
  }

  /** @returns whether everything belongs to the revision that was seen */
  async #judge(mirror: MirrorRecord, set: SetView, standing: SetStanding): Promise<boolean> {
    const { seen } = standing;
    if (seen === null) return false;
    const known = await lookUpAll(this.#options.store, [set.root, ...set.history.former.keys()]);
    const whole = isWhole(mirror, set.root, set.history, seen, known);
    if (whole !== (standing.whole === seen)) {
      const time = this.#options.clock.now();
      await this.#write(mirror.id, set, { ...standing, whole: whole ? seen : null, time });
    }
    return whole;
  }

  async #write(id: number, { root }: SetView, standing: SetStanding): Promise<void> {
    const put = new Map([[standingName(id, root), formatStanding(standing)]]);
    await this.#options.store.notes.change("set_mirror", { put });
  }

  async #drop(name: string, before: SetStanding | undefined): Promise<void> {
    if (before) await this.#options.store.notes.change("set_mirror", { removed: [name] });
  }

  /** Forgets what belongs to no set any more. */
  #forget(roots: ReadonlySet<string>): void {
    for (const name of this.#looked.keys()) {
      if (!roots.has(parseStandingName(name)?.root ?? "")) this.#looked.delete(name);
    }
  }
}

function isSame(one: RootAnswer, other: RootAnswer | null): boolean {
  return JSON.stringify({ ...one, etag: "" }) === JSON.stringify({ ...other, etag: "" });
}

/** The revision that a root is; of several alike the newest. `null`: one that is not known. */
function revisionOf(
  revisions: readonly SetRevision[],
  answer: Extract<RootAnswer, { type: "content" | "large" }>,
): number | null {
  const second = (time: number | null): number => Math.floor((time ?? 0) / 1000);
  const found = revisions.findLast((one) =>
    answer.type === "content"
      ? one.sha256 === answer.sha256
      : one.size === answer.size && second(one.modTime) === second(answer.modTime)
  );
  return found?.number ?? null;
}
