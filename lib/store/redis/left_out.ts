import type { Log } from "../../log/log.ts";

/** Keys that are remembered at most; beyond that one may be told again. */
const MOST = 10_000;

/** Warns once of each key that cannot be used, while the rest is. */
export class LeftOut {
  readonly #told = new Set<string>();
  readonly #log: Pick<Log, "warn">;

  constructor(log: Pick<Log, "warn">) {
    this.#log = log;
  }

  /** A key cannot be used. @param reason what Redis says, or what is wrong in our words */
  add(key: string, reason: string): void {
    if (this.#told.has(key)) return;
    if (this.#told.size >= MOST) this.#told.clear();
    this.#told.add(key);
    const words = /WRONGTYPE/.test(reason) ? "it holds another type than it should" : reason;
    this.#log.warn(`The key ${JSON.stringify(key)} in Redis is left out: ${words}`);
  }

  /** A field of a key holds no number that can be used. */
  addField(key: string, field: string): void {
    const name = `${key} ${field}`;
    if (this.#told.has(name)) return;
    if (this.#told.size >= MOST) this.#told.clear();
    this.#told.add(name);
    const place = `field ${JSON.stringify(field)} of the key ${JSON.stringify(key)}`;
    this.#log.warn(`The ${place} in Redis is left out: it is no whole number`);
  }

  /** A key can be used again. */
  remove(key: string): void {
    if (this.#told.size > 0) this.#told.delete(key);
  }
}
