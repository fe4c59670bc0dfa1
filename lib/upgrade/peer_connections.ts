import type { SharedAddress } from "../http/threads/steering.ts";
import { canonicalAddress, readSocketAddress } from "./socket_address.ts";

/** What is called in the C library. */
const FUNCTIONS = {
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
} as const;

/** From the headers of Linux, the same for every processor that Deno runs on. */
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const SHUT_RDWR = 2;
const RLIMIT_NOFILE = 7;

/** Descriptors are looked for below this number: a look at all of them takes some 50 ms. */
const MOST = 262_144;

/** Bytes of an address. */
const ADDRESS = 128;

/** The connections of this process, by their other end; Deno does not tell descriptors. */
export class PeerConnections implements Disposable {
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
   * Cuts the connection with somebody: what waits in the system's memory is thrown away, and whoever writes
   * to it learns that it is gone.
   *
   * @returns whether there was one
   */
  cut({ hostname, port }: SharedAddress): boolean {
    const { getpeername, setsockopt, shutdown } = this.#library.symbols;
    const wanted = plainHost(canonicalAddress(hostname) ?? "");
    const address = new Uint8Array(ADDRESS);
    const length = new Uint8Array(4);
    const most = this.#limit();
    for (let socket = 3; socket < most; socket++) {
      new DataView(length.buffer).setUint32(0, ADDRESS, true);
      if (getpeername(socket, address, length) !== 0) continue;
      const peer = readSocketAddress(address);
      if (peer?.port !== port || plainHost(peer.hostname) !== wanted) continue;
      // With no time to linger, closing resets it.
      setsockopt(socket, SOL_SOCKET, SO_LINGER, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]), 8);
      return shutdown(socket, SHUT_RDWR) === 0;
    }
    return false;
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }

  #limit(): number {
    const limits = new BigUint64Array(2);
    if (this.#library.symbols.getrlimit(RLIMIT_NOFILE, new Uint8Array(limits.buffer)) !== 0) {
      return MOST;
    }
    return Number(limits[0]! > BigInt(MOST) ? BigInt(MOST) : limits[0]!);
  }
}

/** An IPv4 address that came over IPv6, as what it is. */
function plainHost(canonical: string): string {
  const [, high, low] = /^\[::ffff:([\da-f]+):([\da-f]+)\]$/.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  const bytes = [parseInt(high, 16), parseInt(low, 16)].flatMap((word) => [word >> 8, word & 255]);
  return bytes.join(".");
}
