import type { FileCopy, SourceFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { SetRule, SetRules } from "../catalog/set_rule.ts";
import { type SetHistory, type SetStanding, versionAt } from "../catalog/set_state.ts";
import type { ExclusionReason } from "./exclusion_reason.ts";

const MINUTE = 60_000;

/** Milliseconds between two revisions below which the source changes all the time. */
const QUICK = 30_000;

/** Milliseconds for which a mirror has to stay as it is before it serves while the source does not. */
const CALM = 60_000;

const SYNCING: ExclusionReason = { type: "syncing" };
const UNSTEADY: ExclusionReason = { type: "unsteady" };

/**
 * How old a revision may be: at the floor or newer; where nobody is, within MaxBehind; or of no account: then
 * the ordinary rule decides.
 */
export type SetLevel = "floor" | "behind" | "any";

/** A metadata set as selection sees it: which mirrors may serve what of it. */
export class SetView {
  /** Path of the root. */
  readonly root: string;
  /** What belongs to it: a directory with a slash at its end, or a file. */
  readonly below: string;
  /** Goes up with each change of who may serve names that are bound to a revision. */
  generation = 0;
  /** Goes up when mirrors begin or cease to carry it: that is all that its other names hang on. */
  carriage = 0;
  /** The oldest revision that is served as long as anybody has it. */
  floor = 0;
  /** The oldest revision that is served at all. */
  oldest = 0;
  /** Whether the source changes all the time: then mirrors that do, too, stand aside. */
  aside = false;
  /** The latest moment that is known of, in milliseconds since the epoch. */
  #now = 0;
  #history: SetHistory;
  #standings: ReadonlyMap<number, SetStanding> = new Map();
  readonly #rules: SetRules;
  readonly #rule: SetRule;

  /**
   * Knows no mirrors yet.
   *
   * @param root path of the root
   * @param found what the rules say of it
   * @param rules all rules
   * @param history its revisions
   */
  constructor(
    root: string,
    { below, rule }: { readonly below: string; readonly rule: SetRule },
    rules: SetRules,
    history: SetHistory,
  ) {
    this.root = root;
    this.below = below;
    this.#rule = rule;
    this.#rules = rules;
    this.#history = history;
  }

  /** Every path below it begins so. */
  get prefix(): string {
    return this.below;
  }

  /** Its revisions. */
  get history(): SetHistory {
    return this.#history;
  }

  /** What mirrors have of it, by ID: those that carry it. */
  get standings(): ReadonlyMap<number, SetStanding> {
    return this.#standings;
  }

  /** Milliseconds since it was replaced for which a revision may be served. */
  get life(): number {
    return this.#rule.maxBehind * MINUTE;
  }

  /** The number of the present revision. */
  get present(): number {
    return this.#history.revisions.at(-1)!.number;
  }

  /** Whether a name below it is bound to a revision. */
  isStable(path: string): boolean {
    return path === this.root || !this.#rules.isImmutable(path, this.#rule);
  }

  /** Takes over other revisions. */
  takeHistory(history: SetHistory): void {
    this.#history = history;
    this.#now = Math.max(this.#now, history.revisions.at(-1)!.time);
    this.aside = this.#isQuick();
    this.generation++;
  }

  /** Takes over what mirrors have. */
  takeStandings(standings: ReadonlyMap<number, SetStanding>): void {
    const before = this.#standings;
    this.#standings = standings;
    for (const { time } of standings.values()) this.#now = Math.max(this.#now, time);
    const alike = before.size === standings.size;
    if (!alike || [...standings.keys()].some((id) => !before.has(id))) this.carriage++;
    if (!alike || [...standings].some(([id, standing]) => !isAlike(standing, before.get(id)))) {
      this.generation++;
    }
  }

  /**
   * Finds out anew how old a revision may be. The floor never goes back while somebody is there.
   *
   * @param mirrors every mirror
   * @param required whether only the present revision counts
   * @param now milliseconds since the epoch
   */
  judge(mirrors: ReadonlyMap<number, MirrorRecord>, required: boolean, now: number): void {
    const before = this.#now;
    // A clock that is set back takes nobody's rest away for long.
    this.#now = now;
    const wholeAt: (number | null)[] = [];
    for (const [id, { whole, unsteady }] of this.#standings) {
      const mirror = mirrors.get(id);
      if (!mirror?.enabled || !(mirror.httpUp || mirror.httpsUp)) continue;
      wholeAt.push(unsteady ? null : whole);
    }
    const aside = this.#isQuick();
    if (aside !== this.aside || aside && this.#hasCalmed(before)) this.generation++;
    this.aside = aside;
    const oldest = required ? this.present : this.#oldestWithin(now);
    const computed = Math.max(oldest, this.#byQuorum(wholeAt));
    const kept = wholeAt.some((whole) => whole !== null && whole >= this.floor);
    const floor = required ? this.present : kept ? Math.max(this.floor, computed) : computed;
    // Most of what moves them is about revisions that nobody has.
    const passed = [...this.#standings.values()].some(({ whole }) =>
      whole !== null &&
      (whole >= floor !== whole >= this.floor || whole >= oldest !== whole >= this.oldest)
    );
    this.floor = floor;
    this.oldest = oldest;
    if (passed) this.generation++;
  }

  /** Whether the source changes all the time: then mirrors that follow at once are at no revision for long. */
  #isQuick(): boolean {
    const [before, last] = this.#history.revisions.slice(-2);
    // Before the first one nobody looked.
    if (before === undefined || last === undefined || before.number === 1) return false;
    return last.time - before.time < QUICK && this.#now - last.time < QUICK;
  }

  #isRestless({ time }: SetStanding, now: number): boolean {
    return now - time < CALM;
  }

  /** Whether a mirror was restless at a moment that is not so now. */
  #hasCalmed(before: number): boolean {
    return [...this.#standings.values()].some((standing) =>
      this.#isRestless(standing, before) && !this.#isRestless(standing, this.#now)
    );
  }

  /** The newest revision that enough mirrors have, or a newer one; 0: none. */
  #byQuorum(wholeAt: readonly (number | null)[]): number {
    const needed = Math.max(1, Math.ceil(wholeAt.length * this.#rule.quorum / 100));
    const sorted = wholeAt.filter((whole) => whole !== null).sort((a, b) => b - a);
    return sorted[needed - 1] ?? sorted.at(-1) ?? 0;
  }

  /** The oldest revision that was not replaced too long ago. */
  #oldestWithin(now: number): number {
    const { revisions } = this.#history;
    const from = now - this.#rule.maxBehind * MINUTE;
    for (let i = 0; i + 1 < revisions.length; i++) {
      if (this.#rule.maxBehind > 0 && revisions[i + 1]!.time >= from) return revisions[i]!.number;
    }
    return this.present;
  }

  /** The revision at which a mirror serves; 0: at none. */
  revisionOf(mirrorId: number): number {
    const standing = this.#standings.get(mirrorId);
    return standing === undefined || standing.unsteady ? 0 : standing.whole ?? 0;
  }

  /**
   * Finds out why a mirror may not serve a name that is bound to a revision, as far as that goes.
   *
   * @param mirrorId the mirror
   * @param level how old a revision may be
   * @returns `null`: its revision may be served
   */
  reasonOf(mirrorId: number, level: SetLevel): ExclusionReason | null {
    const standing = this.#standings.get(mirrorId);
    if (standing?.unsteady) return UNSTEADY;
    const whole = standing?.whole ?? null;
    // What it has by now, nobody knows.
    if (whole === null || this.aside && this.#isRestless(standing!, this.#now)) return SYNCING;
    if (whole >= (level === "floor" ? this.floor : this.oldest)) return null;
    return { type: "revision", age: this.ageOf(whole) };
  }

  /** By how much a revision is older than the present one, in milliseconds. */
  ageOf(revision: number): number {
    const { revisions } = this.#history;
    const then = revisions.find(({ number }) => number === revision)?.time;
    const present = revisions.at(-1)!.time;
    return Math.max(0, present - (then ?? revisions[0]!.time));
  }

  /**
   * The file that a mirror's copy has to be.
   *
   * @param file as in the index
   * @param copy of a mirror whose revision may be served
   * @returns the file as of that revision; `null`: that has none of this name
   */
  fileFor(file: SourceFile, { mirrorId }: Pick<FileCopy, "mirrorId">): SourceFile | null {
    const former = this.#history.former.get(file.path);
    if (former === undefined) return file;
    const version = versionAt(former, file, this.revisionOf(mirrorId));
    return version && { ...file, size: version.size, modTime: version.modTime };
  }
}

/** Whether two standings let a mirror serve the same; what was seen of a root alone lets nobody do so. */
function isAlike(one: SetStanding, other: SetStanding | undefined): boolean {
  return other !== undefined && one.whole === other.whole && one.unsteady === other.unsteady &&
    one.time === other.time;
}
