import type { WrittenTime } from "./written_time.ts";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

/** The zones of this world, in milliseconds from UTC. */
const EARLIEST = -12 * 60 * MINUTE;
const LATEST = 14 * 60 * MINUTE;

/** How many offsets a listing may show: of winter, of summer, and of another age. */
const MOST = 3;

/**
 * By how much the times of a server's listings may be off UTC, learnt in one scan. There are several,
 * since some servers use the offset of each file's date, others that of today.
 */
export class ZoneOffsets {
  readonly #offsets: number[] = [];
  #confused = false;

  /** The offsets, in milliseconds; one of 0 when nothing was learnt. */
  get all(): readonly number[] {
    return this.#offsets.length === 0 ? [0] : this.#offsets;
  }

  /** Whether there were too many, so that local times tell nothing any more. */
  get confused(): boolean {
    return this.#confused;
  }

  /**
   * Learns from a file whose time is known.
   *
   * @param written as the listing shows it
   * @param time what it is, in milliseconds since the epoch
   */
  learn({ time: shown, step, zoned }: WrittenTime, time: number): void {
    if (zoned) return;
    const offset = Math.round((shown - Math.floor(time / step) * step) / QUARTER) * QUARTER;
    if (offset < EARLIEST || offset > LATEST || this.#offsets.includes(offset)) return;
    if (this.#offsets.length === MOST) this.#confused = true;
    else this.#offsets.push(offset);
  }

  /**
   * Whether a file of a time may be shown like that. Times are cut off, but some servers round the last
   * millisecond up.
   *
   * @param written `null`: nothing is shown
   * @param time milliseconds since the epoch; `null`: unknown
   */
  may(written: WrittenTime | null, time: number | null): boolean {
    if (written === null || time === null || this.#isUseless(written)) return true;
    const offsets = written.zoned ? [0] : this.all;
    return offsets.some((offset) => fits(written, time, offset));
  }

  /** Whether no zone of this world explains what is shown. */
  isOff(written: WrittenTime | null, time: number | null): boolean {
    if (written === null || time === null || this.#isUseless(written)) return false;
    if (written.zoned) return !fits(written, time, 0);
    for (let offset = EARLIEST; offset <= LATEST; offset += QUARTER) {
      if (fits(written, time, offset)) return false;
    }
    return true;
  }

  /** What time is shown, by the first offset, in milliseconds since the epoch. */
  timeOf(written: WrittenTime): number {
    return written.zoned ? written.time : written.time - this.all[0]!;
  }

  /** Whether what is shown of a time tells anything. */
  tells(written: WrittenTime | null): boolean {
    return written !== null && !this.#isUseless(written);
  }

  #isUseless({ zoned }: WrittenTime): boolean {
    return !zoned && this.#confused;
  }
}

function fits({ time: shown, step }: WrittenTime, time: number, offset: number): boolean {
  const start = shown - offset;
  return start <= time + 1 && time < start + step;
}
