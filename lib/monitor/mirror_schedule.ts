import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import { canBeScanned } from "./can_be_scanned.ts";
import type { CheckOutcome } from "./health_check.ts";
import { RETRY } from "./scan_requests.ts";

const MINUTE = 60_000;

const DAY = 24 * 60 * MINUTE;

/** The shortest time between two checks or scans of one mirror, in milliseconds. */
const SHORTEST = 1000;

/** How long a mirror that came back waits for its scan, in milliseconds. */
const LONGEST_HOLD = 10 * MINUTE;

/** How long a mirror that is busy is left alone at most, in milliseconds. */
const LONGEST_WAIT = 5 * MINUTE;

/** When one mirror is due to be checked and scanned. All times are milliseconds. */
export class MirrorSchedule {
  /** Whether a check runs. */
  checking = false;
  /** Whether a scan runs or waits for its turn. */
  scanning = false;
  /** Whether it is being written how old its listing is. */
  judging = false;
  /** Whether something is done about its downtime. */
  planning = false;
  /** When to try again to end its downtime; `null`: at once, and it was not tried yet. */
  noEndBefore: number | null = null;
  #lastCheck: number | null = null;
  #lastScan: number | null = null;
  #noScanBefore: number | null = null;
  #scanWanted = false;
  #waitsForFiles = false;
  #enabled: boolean | null = null;
  #httpUrl: string | null = null;
  #stateSince: number | null = null;
  #busy = 0;
  #noCheckBefore: number | null = null;
  #extraScan: number | null = null;
  /** Since when it has been up again and waits for a scan. */
  #heldSince: number | null = null;
  /** Whether that scan ended, well or not. */
  #heldScanned = false;
  /** When its certificate was looked at, and of what state that was. */
  #certificate: { since: number | null; time: number | null } = { since: null, time: null };

  /**
   * Takes note of what the mirror is now: who is enabled, or elsewhere, does not wait for
   * the next interval.
   */
  note({ enabled, httpUrl, lastSuccessfulSync, stateSince }: MirrorRecord): void {
    if (httpUrl !== this.#httpUrl) this.#lastCheck = null;
    // An edit of the URL forgets the state; a check that began before may have seen it as it was.
    if (stateSince === null && this.#stateSince !== null) this.#lastCheck = null;
    this.#httpUrl = httpUrl;
    this.#stateSince = stateSince;
    if (enabled && this.#enabled === false) {
      this.#lastCheck = null;
      if (lastSuccessfulSync === null) this.#scanWanted = true;
    }
    this.#enabled = enabled;
  }

  /** Whether to look at the certificate now: once a day, and when the mirror went up or down. */
  certificateDue({ stateSince }: Pick<MirrorRecord, "stateSince">, now: number): boolean {
    const { since, time } = this.#certificate;
    if (time !== null && stateSince === since && now - time < DAY && now >= time) return false;
    this.#certificate = { since: stateSince, time: now };
    return true;
  }

  /** How many checks in a row found the mirror busy. */
  get busy(): number {
    return this.#busy;
  }

  /**
   * Whether a mirror that is found up has to be scanned before it serves: it was away for longer than a
   * scan interval, nobody has scanned it since, and not too much time passed over that.
   */
  mustScanFirst(
    mirror: MirrorRecord,
    config: Pick<Config, "httpScan" | "scanInterval">,
    now: number,
  ): boolean {
    const { httpUp, httpsUp, stateSince } = mirror;
    if (httpUp || httpsUp || stateSince === null || !canBeScanned(mirror, config)) return false;
    if (this.#heldSince === null) return now - stateSince > config.scanInterval * MINUTE;
    const passed = now - this.#heldSince;
    return !this.#heldScanned && passed >= 0 && passed < LONGEST_HOLD;
  }

  /** A check ended. */
  checked(
    { busy, wait, forgot, held }: Pick<CheckOutcome, "busy" | "wait" | "forgot" | "held">,
    { scanInterval }: Pick<Config, "scanInterval">,
    now: number,
  ): void {
    this.#busy = busy;
    this.#noCheckBefore = wait === null || wait === 0 ? null : now + wait;
    if (
      forgot &&
      (this.#extraScan === null || Math.abs(now - this.#extraScan) >= scanInterval * MINUTE)
    ) {
      this.#extraScan = now;
      this.#scanWanted = true;
    }
    if (!held) this.#heldSince = null;
    else if (this.#heldSince === null) {
      this.#heldSince = now;
      this.#heldScanned = false;
      this.#scanWanted = true;
    }
  }

  /**
   * For how long a check has been due.
   *
   * @returns `Infinity` when there was none; negative when none is due
   */
  checkOverdue(
    { enabled, unchecked, wholeTree, lastSuccessfulSync }: MirrorRecord,
    { checkInterval }: Pick<Config, "checkInterval">,
    now: number,
  ): number {
    const known = wholeTree || lastSuccessfulSync !== null;
    if (!enabled || unchecked || !known || this.checking) return -1;
    const until = this.#noCheckBefore;
    if (until !== null && until > now && until - now <= LONGEST_WAIT) return -1;
    return overdue(this.#lastCheck, checkInterval, now);
  }

  /**
   * For how long a scan has been due.
   *
   * @returns `Infinity` when there was none; negative when none is due
   */
  scanOverdue(
    mirror: MirrorRecord,
    config: Pick<Config, "httpScan" | "scanInterval">,
    now: number,
  ): number {
    const { enabled, lastSync } = mirror;
    if (!enabled || this.scanning || !canBeScanned(mirror, config)) return -1;
    if (this.#noScanBefore !== null && isAhead(this.#noScanBefore, now)) return -1;
    if (this.#scanWanted) return Infinity;
    const last = Math.max(lastSync ?? -Infinity, this.#lastScan ?? -Infinity);
    return overdue(last === -Infinity ? null : last, config.scanInterval, now);
  }

  /** A check begins. */
  checkStarted(now: number): void {
    this.checking = true;
    this.#lastCheck = now;
  }

  /** A check is due now, whatever the interval. */
  wantCheck(): void {
    this.#lastCheck = null;
  }

  /** A scan is due now, whatever the interval. */
  wantScan(): void {
    this.#scanWanted = true;
  }

  /** A scan could not tell all that it should, for want of files to compare with. */
  waitForFiles(): void {
    this.#waitsForFiles = true;
  }

  /** The source has other files: what waited for them is due now. */
  sourceChanged(): void {
    if (this.#waitsForFiles) this.#scanWanted = true;
  }

  /** A scan ended, well or not. */
  scanned(now: number): void {
    this.#waitsForFiles = false;
    this.#lastScan = now;
    if (this.#heldSince !== null) {
      this.#heldScanned = true;
      this.#lastCheck = null;
    }
    this.#noScanBefore = null;
    this.#scanWanted = false;
  }

  /** A scan could not begin: it stays due, but not before this time; `null`: at once. */
  postponeScan(until: number | null): void {
    this.#noScanBefore = until;
  }
}

/** Whether a time is yet to come; one farther away is from a clock that was set back. */
function isAhead(time: number, now: number): boolean {
  return time > now && time - now <= RETRY;
}

function overdue(last: number | null, minutes: number, now: number): number {
  if (last === null) return Infinity;
  // A time in the future is from a clock that was set back.
  return last > now + minutes * MINUTE
    ? Infinity
    : now - last - Math.max(SHORTEST, minutes * MINUTE);
}
