/** A kind of request, and what is to come of it. */
export interface Kind {
  readonly name: string;
  /** Requests a second. */
  readonly rate: number;
  /** The next request: encoded path with its query, and headers. */
  readonly next: () => { readonly path: string; readonly headers?: Record<string, string> };
  /** The status of every answer. */
  readonly status: number;
  /** Whether 503 is an answer, too, while the store cannot be reached. */
  readonly needsStore?: boolean;
}

/** What came of the requests of one kind. */
export interface Outcome {
  answered: number;
  /** Answers of 503 that the outage allows. */
  unavailable: number;
  /** Milliseconds of the slowest answer. */
  slowest: number;
}

/** Milliseconds after which a request has failed. */
const TIMEOUT = 60_000;

/** Requests of one kind that are under way at most; beyond, the pace falls. */
const UNDER_WAY = 64;

/** Milliseconds between two turns of the pace. */
const TURN = 50;

/** What failed is kept up to this number; beyond, it is counted. */
const KEPT = 20;

/** Clients that ask in several ways at a steady pace, and note what is not as it should be. */
export class Traffic implements AsyncDisposable {
  readonly outcomes = new Map<Kind, Outcome>();
  /** What went wrong first, for people. */
  readonly wrong: string[] = [];
  /** How many answers were wrong. */
  wrongs = 0;
  /** Whether the store cannot be reached, or could not a moment ago. */
  outage = false;
  readonly #address: string;
  readonly #began = performance.now();
  readonly #running: Promise<unknown>;
  #stopped = false;

  /** @param address where the daemon listens: `127.0.0.1:8080` */
  constructor(address: string, kinds: readonly Kind[]) {
    this.#address = address;
    for (const kind of kinds) {
      this.outcomes.set(kind, { answered: 0, unavailable: 0, slowest: 0 });
    }
    this.#running = Promise.all(kinds.map((kind) => this.#run(kind)));
  }

  /** Stops to ask once all who have asked are answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(kind: Kind): Promise<void> {
    const underWay = new Set<Promise<void>>();
    let due = 0;
    let last = performance.now();
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, TURN));
      const now = performance.now();
      due = Math.min(due + (now - last) * kind.rate / 1000, UNDER_WAY);
      last = now;
      for (; due >= 1 && underWay.size < UNDER_WAY; due--) {
        const asked = this.#ask(kind).finally(() => underWay.delete(asked));
        underWay.add(asked);
      }
    }
    await Promise.all(underWay);
  }

  async #ask(kind: Kind): Promise<void> {
    const { path, headers = {} } = kind.next();
    const outcome = this.outcomes.get(kind)!;
    const outageBefore = this.outage;
    const start = performance.now();
    try {
      const response = await fetch(`http://${this.#address}${path}`, {
        headers,
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      await response.body?.cancel();
      const { status } = response;
      if (status === kind.status) outcome.answered++;
      else if (status === 503 && kind.needsStore && (outageBefore || this.outage)) {
        outcome.unavailable++;
      } else this.#note(`${kind.name}: ${path}: status ${status}`, start);
    } catch (error) {
      const words = error instanceof Error ? error.message : error;
      this.#note(`${kind.name}: ${path}: ${words}`, start);
    }
    outcome.slowest = Math.max(outcome.slowest, performance.now() - start);
  }

  /** @param asked when, by `performance.now()` */
  #note(what: string, asked: number): void {
    this.wrongs++;
    if (this.wrong.length >= KEPT) return;
    const at = ((asked - this.#began) / 1000).toFixed(1);
    const until = ((performance.now() - this.#began) / 1000).toFixed(1);
    this.wrong.push(`${what}, asked after ${at} s and answered after ${until} s`);
  }
}
