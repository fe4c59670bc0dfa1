import type { ScanMemory } from "./scan_memory.ts";

/** Mirrors whose memory is kept; whose was not used for longest goes first, and is looked at as a whole. */
const MOST = 10_000;

/** What scans over HTTP found of each mirror, at the URL that it has. */
export class ScanMemories {
  readonly #mirrors = new Map<number, { readonly url: string; readonly memory: ScanMemory }>();

  /**
   * What is remembered of a mirror; nothing where its URL is another one now.
   *
   * @param id of the mirror
   * @param url its base URL
   * @param create makes one that is empty; what that takes is not loaded before it is needed
   */
  of(id: number, url: string, create: () => ScanMemory): ScanMemory {
    const kept = this.#mirrors.get(id);
    const entry = kept?.url === url ? kept : { url, memory: create() };
    this.#mirrors.delete(id);
    this.#mirrors.set(id, entry);
    if (this.#mirrors.size > MOST) this.#mirrors.delete(this.#mirrors.keys().next().value!);
    return entry.memory;
  }
}
