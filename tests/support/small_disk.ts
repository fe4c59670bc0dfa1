/** A disk of 1 MiB, which is soon full. */
export class SmallDisk implements AsyncDisposable {
  readonly #filler: string;

  private constructor(
    /** Where it is mounted. */
    readonly path: string,
  ) {
    this.#filler = `${path}/filler`;
  }

  /**
   * Mounts one.
   *
   * @param path a directory to be made
   * @returns `null` where this user may not
   */
  static async mount(path: string): Promise<SmallDisk | null> {
    await Deno.mkdir(path);
    const mounted = await run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", path);
    return mounted ? new SmallDisk(path) : null;
  }

  /** Leaves no room, but for what is left of a page of each file. */
  async fill(): Promise<void> {
    using file = await Deno.open(this.#filler, { append: true, create: true });
    try {
      while (true) await file.write(new Uint8Array(4096));
    } catch {
      // It is full.
    }
  }

  /** Makes room again. */
  async empty(): Promise<void> {
    await Deno.remove(this.#filler);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("umount", "--lazy", this.path);
  }
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}
