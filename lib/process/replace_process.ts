/** What is called in the C library. */
const FUNCTIONS = {
  execv: { parameters: ["buffer", "buffer"], result: "i32" },
  // Copies a buffer onto itself: what it returns is the address, which Deno tells only to those who
  // may load any library.
  memmove: { parameters: ["buffer", "buffer", "usize"], result: "u64" },
} as const;

/** Bytes of a buffer that V8 does not move: its address stays. */
const LASTING = 256;

/**
 * Has a program take the place of this one (execv(3)): the process keeps its number, its environment,
 * and standard input, output and error.
 *
 * @param library where the C library is
 * @param program file of the program
 * @param args all of its arguments, from its name on
 * @throws Error when the library cannot be loaded, or the system refuses; else it does not return
 */
export function replaceProcess(library: string, program: string, args: readonly string[]): never {
  using loaded = open(library);
  const { execv, memmove } = loaded.symbols;
  const texts = args.map((text) => new TextEncoder().encode(`${text}\0`));
  const size = texts.reduce((sum, { length }) => sum + length, LASTING);
  const block = new Uint8Array(size);
  let address = BigInt(memmove(block, block, 0n));
  const pointers = new BigUint64Array(texts.length + 1 + LASTING / 8);
  let place = 0;
  for (const [i, text] of texts.entries()) {
    block.set(text, place);
    place += text.length;
    pointers[i] = address;
    address += BigInt(text.length);
  }
  execv(new TextEncoder().encode(`${program}\0`), new Uint8Array(pointers.buffer));
  // Until here it must not go away.
  block.fill(0);
  throw new Error(`The system does not start ${program}`);
}

function open(library: string): Deno.DynamicLibrary<typeof FUNCTIONS> & Disposable {
  const loaded = Deno.dlopen(library, FUNCTIONS);
  return Object.assign(loaded, { [Symbol.dispose]: () => loaded.close() });
}
