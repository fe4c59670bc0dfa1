import type { SharedAddress, SocketRange } from "../http/threads/steering.ts";
import { canonicalAddress, readSocketAddress } from "./socket_address.ts";

/** What is called in the C library. */
const FUNCTIONS = {
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // Copies a buffer onto itself: what it returns is the address, which Deno tells only to those who
  // may load any library.
  memmove: { parameters: ["buffer", "buffer", "usize"], result: "u64" },
} as const;

/** From asm-generic/socket.h, the same for every processor that Deno runs on. */
const SOL_SOCKET = 1;
const SO_ACCEPTCONN = 30;
const SO_ATTACH_REUSEPORT_CBPF = 51;
const SO_DETACH_REUSEPORT_BPF = 68;

/** Descriptors are looked for below this number; listening sockets are opened before the others. */
const DESCRIPTORS = 4096;

/** Bytes of a buffer that V8 does not move: its address stays. */
const LASTING = 256;

/**
 * The listening sockets of this process and others that share a TCP address by SO_REUSEPORT. The kernel
 * numbers them in the order in which they began to listen, and asks a program of classic BPF, attached
 * to any of them, which one gets a new connection (socket(7), SO_ATTACH_REUSEPORT_CBPF).
 */
export class ReusePortGroup implements Disposable {
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

  /**
   * Sends every new connection to some of the sockets, at random.
   *
   * @throws Error when none of them belongs to this process, or the kernel refuses
   */
  steer(address: SharedAddress, { first, count }: SocketRange): void {
    // A = random; A %= count; A += first; return A: filter.txt in the kernel's documentation.
    const program = instructions([
      [0x20, 0xfffff000 + 56],
      [0x94, count],
      [0x04, first],
      [0x16, 0],
    ]);
    const place = this.#library.symbols.memmove(program, program, 0n);
    const filter = lastingBuffer();
    const view = new DataView(filter.buffer);
    view.setUint16(0, 4, true);
    view.setBigUint64(8, BigInt(place), true);
    this.#set(address, SO_ATTACH_REUSEPORT_CBPF, filter, 16);
    // The kernel has copied it by now; until here it must not go away.
    program.fill(0);
  }

  /**
   * Lets the kernel deal connections out by itself.
   *
   * @throws Error when no socket belongs to this process, or the kernel refuses
   */
  release(address: SharedAddress): void {
    this.#set(address, SO_DETACH_REUSEPORT_BPF, lastingBuffer(), 4);
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }

  #set(address: SharedAddress, option: number, value: Uint8Array<ArrayBuffer>, size: number): void {
    const socket = this.#find(address);
    if (socket === null) throw new Error(`Nothing listens on port ${address.port} here`);
    if (this.#library.symbols.setsockopt(socket, SOL_SOCKET, option, value, size) !== 0) {
      throw new Error("The kernel does not let connections be steered");
    }
  }

  /** Any listening socket of this process with that address; Deno does not tell descriptors. */
  #find({ hostname, port }: SharedAddress): number | null {
    const { getsockopt, getsockname } = this.#library.symbols;
    const wanted = canonicalAddress(hostname);
    const [value, length] = [lastingBuffer(), lastingBuffer()];
    for (let socket = 3; socket < DESCRIPTORS; socket++) {
      new DataView(length.buffer).setUint32(0, 4, true);
      if (getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, value, length) !== 0) continue;
      if (value[0] !== 1) continue;
      new DataView(length.buffer).setUint32(0, LASTING, true);
      if (getsockname(socket, value, length) !== 0) continue;
      const found = readSocketAddress(value);
      // A name may stand for any address.
      if (found?.port === port && (wanted === null || wanted === found.hostname)) return socket;
    }
    return null;
  }
}

function lastingBuffer(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(LASTING);
}

/** Code and operand of each instruction; none of them jumps. */
function instructions(list: readonly (readonly [code: number, operand: number])[]) {
  const bytes = lastingBuffer();
  const view = new DataView(bytes.buffer);
  for (const [index, [code, operand]] of list.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint32(index * 8 + 4, operand, true);
  }
  return bytes;
}
