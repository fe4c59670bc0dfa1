/** Asks for files at a steady rate, like many clients, and looks at the answers. */
export class SteadyClient implements AsyncDisposable {
  /** Requests that were answered. */
  answered = 0;
  /** What was no redirect to a mirror: status and place, or why there was no answer. */
  readonly wrong: string[] = [];
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #ended: Promise<void>;

  /**
   * Starts to ask.
   *
   * @param address of the redirector
   * @param paths asked for in turn
   * @param rate requests per second
   */
  constructor(address: string, paths: readonly string[], rate: number) {
    this.#ended = this.#run(address, paths, rate);
  }

  /** Ends the asking, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    await Promise.all(this.#running);
  }

  async #run(address: string, paths: readonly string[], rate: number): Promise<void> {
    const start = performance.now();
    for (let asked = 0; !this.#stop.signal.aborted;) {
      // Late turns are made up for: the rate holds whatever the machine does.
      const due = Math.floor((performance.now() - start) / 1000 * rate);
      for (; asked < due; asked++) {
        const request = this.#ask(`http://${address}${paths[asked % paths.length]}`);
        this.#running.add(request);
        request.finally(() => this.#running.delete(request));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #ask(url: string): Promise<void> {
    try {
      const response = await fetch(url, { redirect: "manual" });
      await response.body?.cancel();
      this.answered++;
      const place = response.headers.get("location");
      if (response.status !== 302) this.wrong.push(`${response.status} ${place}`);
    } catch (error) {
      this.wrong.push(String(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
