/** How many file descriptors a process uses. */
export interface DescriptorCount {
  /** The lowest free one, but for a few gaps: so many, at least, are in use. */
  readonly lowest: number;
  /** How many there may be; `Infinity`: the kernel's own limit. */
  readonly limit: number;
}

/** Port: tells how many file descriptors this process uses. */
export interface DescriptorCounter {
  /** @returns `null` where that cannot be found out */
  descriptors(): Promise<DescriptorCount | null>;
}

/** What is called in the C library. */
const FUNCTIONS = {
  dup: { parameters: ["i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
} as const;

/** From asm-generic/resource.h, the same for every processor that Deno runs on. */
const RLIMIT_NOFILE = 7;

/** What stands for no limit. */
const RLIM_INFINITY = 0xffffffffffffffffn;

/**
 * Descriptors that are taken at once: the lowest free one alone says nothing where what listened has just
 * let go of its own among the first, and all others are in use.
 */
const HOLES = 8;

/** Standard input, output, error: one of them is open. */
const OPEN = [2, 1, 0];

/** Counts the file descriptors of this process: it may not read /proc. */
export class Descriptors implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof FUNCTIONS>;

  /**
   * Loads the C library.
   *
   * @param path where it is
   * @throws Error when it is not there, or Deno may not load it
   */
  constructor(path: string) {
    this.#library = Deno.dlopen(path, FUNCTIONS);
  }

  /** @throws Error when the system does not tell */
  count(): DescriptorCount {
    const { close, getrlimit } = this.#library.symbols;
    const limits = new BigUint64Array(2);
    if (getrlimit(RLIMIT_NOFILE, new Uint8Array(limits.buffer)) !== 0) {
      throw new Error("The system does not tell how many files may be open");
    }
    const limit = limits[0] === RLIM_INFINITY ? Infinity : Number(limits[0]);
    const taken: number[] = [];
    try {
      while (taken.length < HOLES) {
        const one = this.#take();
        if (one < 0) return { lowest: limit, limit };
        taken.push(one);
      }
      return { lowest: taken.at(-1)! - HOLES + 1, limit };
    } finally {
      for (const one of taken) close(one);
    }
  }

  /** @returns the lowest that was free (POSIX, dup); negative: none is */
  #take(): number {
    for (const descriptor of OPEN) {
      const one = this.#library.symbols.dup(descriptor);
      if (one >= 0) return one;
    }
    return -1;
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}
