import { nextSocketPath } from "../../config/next_socket_path.ts";

/** Bytes of the path of a Unix socket that Linux and macOS know. */
const LONGEST_PATH = 103;

/** The file of a listening Unix socket. */
export class SocketFile {
  readonly #path: string;
  readonly #mode: number | undefined;
  /** Tells this socket from another one at the same path. */
  #inode: number | null = null;

  /**
   * @param path where clients find it
   * @param mode its permissions; absent: as the umask gives
   */
  constructor(path: string, mode?: number) {
    this.#path = path;
    this.#mode = mode;
  }

  /**
   * Finds out where to bind the socket: not where clients find it, since Deno removes whatever is at
   * the place where it bound a socket when it closes it, and that may be another one by then.
   *
   * @param takeOver whether it is to take the place of another one, which is served meanwhile;
   *   otherwise a place that is served is the one returned, and cannot be bound
   */
  async placeToBind(takeOver: boolean): Promise<string> {
    if (!takeOver && !await isFree(this.#path)) return this.#path;
    const next = nextSocketPath(this.#path);
    if (new TextEncoder().encode(next).length > LONGEST_PATH) return this.#path;
    await isFree(next);
    return next;
  }

  /**
   * Puts the bound socket where clients find it: from one moment to the next they reach it, and not the
   * one before.
   *
   * @param place where it was bound
   */
  async bound(place: string): Promise<void> {
    if (this.#mode !== undefined) await Deno.chmod(place, this.#mode);
    this.#inode = (await Deno.stat(place)).ino;
    if (place !== this.#path) await Deno.rename(place, this.#path);
  }

  /** Removes the file, unless another socket has taken its place. */
  async remove(): Promise<void> {
    try {
      if ((await Deno.stat(this.#path)).ino === this.#inode) await Deno.remove(this.#path);
    } catch {
      // Someone removed it already.
    }
  }
}

/**
 * Makes a place free, if it can be: a socket that nobody listens on any more is left over from a crash.
 *
 * @returns whether there is nothing now
 */
async function isFree(path: string): Promise<boolean> {
  try {
    if (!(await Deno.stat(path)).isSocket) return false;
    using _connection = await Deno.connect({ transport: "unix", path });
    return false;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) await Deno.remove(path);
    return error instanceof Deno.errors.ConnectionRefused ||
      error instanceof Deno.errors.NotFound;
  }
}
