import type { Connection } from "./connection.ts";
import { createCipheriv, createDecipheriv, createHmac } from "../../worker/late_builtins.ts";
import { StoreUnavailableError } from "../store.ts";
import { message } from "./store_error.ts";
import { removeIfThere } from "./create_file.ts";

/** Bytes of the key. */
const KEY_SIZE = 32;

/** Hexadecimal digits of a hash. */
const HASH_DIGITS = 64;

/** Bytes that AES takes at once. */
const BLOCK = 16;

const CIPHER = "aes-256-cbc";

/**
 * Hides who downloaded what in ranges: by a key that lies beside the database, and in no copy of it. Whoever
 * has the database alone can neither tell whose a hash is nor whether two are one client's, also who knows
 * some of the clients: what is hidden of one tells nothing of another.
 */
export class MemoryMask {
  readonly #key: Uint8Array | null;
  /** What a crowd asks for is mostly one file. */
  #lastPath: string | null = null;
  #lastStart: Uint8Array = new Uint8Array();

  /** @param key `null`: nothing is hidden */
  constructor(key: Uint8Array | null) {
    this.#key = key;
  }

  /**
   * Hides a hash: a client is always the same for one path, and another for each.
   *
   * @param clientHash 64 hexadecimal digits
   * @param path of the file
   */
  hide(clientHash: string, path: string): string {
    return this.#turn(createCipheriv, clientHash, path);
  }

  /** Finds again what {@linkcode MemoryMask.hide} hid. */
  reveal(hidden: string, path: string): string {
    return this.#turn(createDecipheriv, hidden, path);
  }

  #turn(
    create: typeof createCipheriv | typeof createDecipheriv,
    hash: string,
    path: string,
  ): string {
    // What is no hash was written by nobody that is known here.
    if (this.#key === null || hash.length !== HASH_DIGITS) return hash;
    const cipher = create(CIPHER, this.#key, this.#startOf(path, this.#key));
    cipher.setAutoPadding(false);
    return cipher.update(hash, "hex", "hex") + cipher.final("hex");
  }

  #startOf(path: string, key: Uint8Array): Uint8Array {
    if (path !== this.#lastPath) {
      this.#lastStart = createHmac("sha256", key).update(path).digest().subarray(0, BLOCK);
      this.#lastPath = path;
    }
    return this.#lastStart;
  }
}

/**
 * Reads the key beside a database (`NAME.key`). Where there is none, it is made, and what the database
 * remembers is hidden by it from then on.
 *
 * @param connection that writes to the database
 * @param newKey makes a random key of {@linkcode KEY_SIZE} bytes; `null`: without a key nothing is hidden
 * @throws StoreUnavailableError when there is a key that cannot be read
 */
export function openMask(
  connection: Connection,
  newKey: (() => Uint8Array) | null,
): MemoryMask {
  const path = `${connection.path}.key`;
  const known = readKey(path, connection.path);
  if (known !== null || newKey === null) return new MemoryMask(known);
  const key = newKey();
  const mask = new MemoryMask(key);
  const partial = `${path}.partial`;
  connection.transaction(() => {
    const all = connection.prepare("SELECT lower(hex(client)) AS client, path FROM remembered");
    const hide = connection.prepare(
      "UPDATE remembered SET client = unhex(?) WHERE client = unhex(?) AND path = ?",
    );
    for (const { client, path } of all.all()) {
      hide.run(mask.hide(String(client), String(path)), String(client), String(path));
    }
    removeIfThere(partial);
    Deno.writeFileSync(partial, key, { createNew: true, mode: 0o600 });
    // A key without what is hidden by it forgets some downloads of the last minutes, and so does a
    // transaction without its key.
    Deno.renameSync(partial, path);
  });
  return mask;
}

/** @returns `null`: there is none, or it is none @throws StoreUnavailableError when it cannot be read */
function readKey(path: string, database: string): Uint8Array | null {
  try {
    const key = Deno.readFileSync(path);
    return key.length === KEY_SIZE ? key : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    const words = `the key beside it cannot be read: ${
      error instanceof Error ? error.message : error
    }`;
    throw new StoreUnavailableError(message(database, words), { cause: error });
  }
}
