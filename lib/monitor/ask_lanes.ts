/** Files that wait for one mirror to be asked; further ones are dropped. */
const MOST_QUEUED = 1_000;

/** What came of the questions to one mirror. */
export interface AskCounts {
  readonly id: number;
  readonly found: number;
  readonly missing: number;
  /** Too many to be asked for. */
  readonly dropped: number;
}

/** What {@linkcode AskLanes} work with. */
export interface AskLanesOptions {
  /**
   * Asks a mirror for a file, and does what follows from that.
   *
   * @param count to be called with whether the mirror has it, unless it had not to be asked any more
   */
  readonly ask: (id: number, path: string, count: (found: boolean) => void) => Promise<void>;
  /** Runs what nobody waits for. */
  readonly track: (work: () => Promise<void>) => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** The files that one mirror is to be asked for. */
interface Lane {
  readonly paths: Set<string>;
  running: boolean;
  found: number;
  missing: number;
  dropped: number;
}

/** Asks each mirror for one file after the other, and all mirrors at a time. */
export class AskLanes {
  readonly #options: AskLanesOptions;
  readonly #lanes = new Map<number, Lane>();

  constructor(options: AskLanesOptions) {
    this.#options = options;
  }

  /** Has a mirror asked for a file, once. */
  add(id: number, path: string): void {
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      lane = { paths: new Set(), running: false, found: 0, missing: 0, dropped: 0 };
      this.#lanes.set(id, lane);
    }
    if (lane.paths.has(path)) return;
    if (lane.paths.size >= MOST_QUEUED) {
      lane.dropped++;
      return;
    }
    lane.paths.add(path);
    if (lane.running) return;
    lane.running = true;
    const running = lane;
    this.#options.track(() => this.#run(id, running));
  }

  /** Tells of the mirrors that were asked since the last call, and begins to count anew. */
  takeCounts(): AskCounts[] {
    const counts: AskCounts[] = [];
    for (const [id, lane] of this.#lanes) {
      const { found, missing, dropped } = lane;
      if (found + missing + dropped === 0) continue;
      counts.push({ id, found, missing, dropped });
      [lane.found, lane.missing, lane.dropped] = [0, 0, 0];
    }
    return counts;
  }

  async #run(id: number, lane: Lane): Promise<void> {
    const { ask, signal } = this.#options;
    try {
      for (const path of lane.paths) {
        if (signal.aborted) break;
        await ask(id, path, (found) => lane[found ? "found" : "missing"]++);
        lane.paths.delete(path);
      }
    } finally {
      lane.running = false;
      // What made it fail may be over when they are wanted again.
      lane.paths.clear();
    }
  }
}
