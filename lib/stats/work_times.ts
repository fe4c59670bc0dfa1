/** What the scans and checks of a mirror were like. */
export interface MirrorWork {
  /** How long the last scan took; `null`: none ended here. */
  scanSeconds: number | null;
  /** Scans that failed. */
  scanFailures: number;
  /** How long the last check took; `null`: none ended here. */
  checkSeconds: number | null;
}

/** Mirrors that are remembered at most. */
const MOST = 10_000;

/** Remembers what the scans and checks of this process were like. */
export class WorkTimes {
  readonly #elapsed: () => number;
  readonly #most: number;
  readonly #mirrors = new Map<number, MirrorWork>();

  /**
   * @param elapsed milliseconds that never go back
   * @param most mirrors that are remembered at most; default 10 000
   */
  constructor(elapsed: () => number, most: number = MOST) {
    this.#elapsed = elapsed;
    this.#most = most;
  }

  /** What is known of a mirror; `null`: nothing. */
  of(id: number): Readonly<MirrorWork> | null {
    return this.#mirrors.get(id) ?? null;
  }

  /**
   * Scans a mirror, and remembers how that went.
   *
   * @param id of the mirror
   * @param work the scan
   * @param counts whether a failure is one of the scan, and not of what came before it
   */
  async scan<T>(
    id: number,
    work: () => Promise<T>,
    counts: (error: unknown) => boolean,
  ): Promise<T> {
    const began = this.#elapsed();
    try {
      const result = await work();
      this.#entry(id).scanSeconds = (this.#elapsed() - began) / 1000;
      return result;
    } catch (error) {
      if (counts(error)) {
        const entry = this.#entry(id);
        entry.scanFailures++;
        entry.scanSeconds = (this.#elapsed() - began) / 1000;
      }
      throw error;
    }
  }

  /** Checks a mirror, and remembers how long that took. */
  async check<T>(id: number, work: () => Promise<T>): Promise<T> {
    const began = this.#elapsed();
    const result = await work();
    this.#entry(id).checkSeconds = (this.#elapsed() - began) / 1000;
    return result;
  }

  /** Forgets mirrors that are not there any more. @param ids of all that are there */
  keep(ids: ReadonlySet<number>): void {
    for (const id of this.#mirrors.keys()) if (!ids.has(id)) this.#mirrors.delete(id);
  }

  #entry(id: number): MirrorWork {
    let entry = this.#mirrors.get(id);
    if (entry === undefined) {
      entry = { scanSeconds: null, scanFailures: 0, checkSeconds: null };
      // Those that were removed go with the next question for metrics; where nobody asks, the oldest go.
      if (this.#mirrors.size >= this.#most) this.#mirrors.delete([...this.#mirrors.keys()][0]!);
      this.#mirrors.set(id, entry);
    }
    return entry;
  }
}
