/** Milliseconds that perf has to find the threads of a process. */
const HEAD_START = 300;

/**
 * Counts the instructions of a process outside of the kernel with perf(1): unlike times, they hardly
 * depend on what else the machine does.
 */
export class InstructionCounter {
  readonly #perf: Deno.ChildProcess;

  private constructor(perf: Deno.ChildProcess) {
    this.#perf = perf;
  }

  /**
   * Begins to count; idle processes add next to nothing.
   *
   * @returns `null` where there is no perf
   */
  static async start(pid: number): Promise<InstructionCounter | null> {
    try {
      const perf = new Deno.Command("perf", {
        args: ["stat", "-x,", "-e", "instructions:u", "-p", `${pid}`],
        stdout: "null",
        stderr: "piped",
      }).spawn();
      await new Promise((resolve) => setTimeout(resolve, HEAD_START));
      return new InstructionCounter(perf);
    } catch {
      return null;
    }
  }

  /** Ends the counting. @returns `null` when perf may not count, or the processor does not */
  async stop(): Promise<number | null> {
    try {
      this.#perf.kill("SIGINT");
    } catch {
      // It ended at once, and says why.
    }
    const { stderr } = await this.#perf.output();
    const count = /^(\d+),/m.exec(new TextDecoder().decode(stderr))?.[1];
    return count === undefined ? null : Number(count);
  }
}
