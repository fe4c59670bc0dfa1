import { createHmac } from "../../worker/late_builtins.ts";
import type { Connection } from "./connection.ts";

/** Bytes of the key. */
const KEY_SIZE = 32;

/**
 * Hides who downloaded what in ranges: by a key that lies beside the database, and in no copy of it. Whoever
 * has the database alone can neither tell whose a hash is nor whether two are one client's.
 */
export class MemoryMask {
  readonly #key: Uint8Array | null;

  /** @param key `null`: nothing is hidden */
  constructor(key: Uint8Array | null) {
    this.#key = key;
  }

  /**
   * Hides a hash, or finds it again: the same does both.
   *
   * @param clientHash 64 hexadecimal digits, as they are or hidden
   * @param path of the file; the same client is hidden otherwise for each
   */
  apply(clientHash: string, path: string): string {
    if (this.#key === null) return clientHash;
    const mask: Uint8Array = createHmac("sha256", this.#key).update(path).digest();
    let text = "";
    for (let at = 0; at < mask.length; at++) {
      const byte = parseInt(clientHash.slice(2 * at, 2 * at + 2), 16) ^ mask[at]!;
      text += byte.toString(16).padStart(2, "0");
    }
    return text;
  }
}

/**
 * Reads the key beside a database (`NAME.key`). Where there is none, it is made, and what the database
 * remembers is hidden by it from then on.
 *
 * @param connection that writes to the database
 * @param newKey makes a random key of {@linkcode KEY_SIZE} bytes; `null`: without a key nothing is hidden
 */
export function openMask(
  connection: Connection,
  newKey: (() => Uint8Array) | null,
): MemoryMask {
  const path = `${connection.path}.key`;
  const known = readKey(path);
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
      hide.run(mask.apply(String(client), String(path)), String(client), String(path));
    }
    removeIfThere(partial);
    Deno.writeFileSync(partial, key, { createNew: true, mode: 0o600 });
    // A key without what is hidden by it forgets some downloads of the last minutes, and so does a
    // transaction without its key.
    Deno.renameSync(partial, path);
  });
  return mask;
}

/** @returns `null`: there is none, or it is none */
function readKey(path: string): Uint8Array | null {
  try {
    const key = Deno.readFileSync(path);
    return key.length === KEY_SIZE ? key : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // What matters shows when the file is made.
  }
}
