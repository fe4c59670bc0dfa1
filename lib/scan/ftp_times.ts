import type { FtpFile } from "./ftp_entry.ts";
import type { FtpSession } from "./ftp_session.ts";
import type { KnownFile } from "./lister.ts";

const SECOND = 1000;
const MINUTE = 60_000;

/**
 * Finds out the exact times of files whose listing tells them to the minute or the day only. To ask for
 * one is a round trip each, so it is done only where the file is not known already: same size, and a
 * time that this server would list like that.
 */
export class FtpTimes {
  readonly #session: Pick<FtpSession, "knowsTimes" | "modTime">;
  readonly #known: KnownFile;
  #fractions = false;
  #exact = false;
  #coarse = false;
  /** Whether a time that was taken from what was known may lack its fraction. */
  #rounded = false;
  /** Milliseconds from UTC to what the server lists, once it is known. */
  #zone: number | null = null;

  /** @param known what was known of a file before */
  constructor(session: Pick<FtpSession, "knowsTimes" | "modTime">, known: KnownFile) {
    this.#session = session;
    this.#known = known;
  }

  /** Resolution of the times so far, in milliseconds: 1, a second, or a minute. */
  get precision(): number {
    // A server tells the time of every file or of none; what it tells to the minute alone must do.
    return this.#coarse && !this.#exact ? MINUTE : this.#fractions && !this.#rounded ? 1 : SECOND;
  }

  /**
   * The time of a file.
   *
   * @param path below the mirror's URL
   * @param fullPath on the server
   * @returns milliseconds since the epoch; `null` when nobody tells it well enough
   */
  async timeOf(file: FtpFile, path: string, fullPath: string): Promise<number | null> {
    if (file.modTime !== null && file.resolution <= SECOND && !file.local) {
      this.#exact = true;
      if (file.resolution < SECOND) this.#fractions = true;
      return file.modTime;
    }
    const remembered = this.#remembered(file, path);
    if (remembered !== null) return remembered;
    const told = await this.#session.modTime(fullPath);
    if (told !== null) {
      this.#exact = true;
      if (told.fractions) this.#fractions = true;
      if (file.modTime !== null && file.resolution <= MINUTE) {
        this.#zone = file.modTime - floor(told.time, file.resolution);
      }
      return told.time;
    }
    if (this.#exact || this.#session.knowsTimes || file.resolution > MINUTE) return null;
    if (file.modTime !== null && file.resolution === MINUTE) this.#coarse = true;
    return file.modTime;
  }

  /** The time that was known, if nothing speaks against it. */
  #remembered({ modTime, size, resolution }: FtpFile, path: string): number | null {
    if (this.#zone === null || modTime === null) return null;
    const before = this.#known(path);
    if (before === null || before.size !== size || before.modTime === null) return null;
    if (floor(before.modTime + this.#zone, resolution) !== modTime) return null;
    // A round time may come from a way of listing that cannot tell more.
    if (before.modTime % (this.#fractions ? SECOND : MINUTE) === 0) return null;
    if (before.modTime % SECOND === 0) this.#rounded = true;
    return before.modTime;
  }
}

function floor(time: number, step: number): number {
  return Math.floor(time / step) * step;
}
