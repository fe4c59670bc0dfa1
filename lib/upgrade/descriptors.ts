/** How many file descriptors a process uses. */
export interface DescriptorCount {
  /** The lowest free one: so many, at least, are in use. */
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
    const { dup, close, getrlimit } = this.#library.symbols;
    const limits = new BigUint64Array(2);
    if (getrlimit(RLIMIT_NOFILE, new Uint8Array(limits.buffer)) !== 0) {
      throw new Error("The system does not tell how many files may be open");
    }
    const limit = limits[0] === RLIM_INFINITY ? Infinity : Number(limits[0]);
    for (const descriptor of OPEN) {
      // The system gives the lowest that is free (POSIX, dup).
      const lowest = dup(descriptor);
      if (lowest < 0) continue;
      close(lowest);
      return { lowest, limit };
    }
    return { lowest: limit, limit };
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }
}
