import type { LockTarget, StoreLock } from "../store_lock.ts";

/** Locks between the parts of one process: all there can be, as only one process has the store. */
export class LocalLocks {
  readonly #held = new Map<number | string, AbortController>();

  /** @returns `null` when it is held */
  take(target: LockTarget): StoreLock | null {
    const key = keyOf(target);
    if (this.#held.has(key)) return null;
    const controller = new AbortController();
    this.#held.set(key, controller);
    return {
      signal: controller.signal,
      [Symbol.asyncDispose]: () => {
        if (this.#held.get(key) === controller) this.#held.delete(key);
        return Promise.resolve();
      },
    };
  }

  /** Takes a lock away from whoever holds it, and tells them. */
  revoke(target: LockTarget, reason: Error): void {
    const key = keyOf(target);
    const controller = this.#held.get(key);
    this.#held.delete(key);
    controller?.abort(reason);
  }

  /** Takes every lock away. */
  revokeAll(reason: Error): void {
    for (const controller of this.#held.values()) controller.abort(reason);
    this.#held.clear();
  }
}

function keyOf(target: LockTarget): number | string {
  if (typeof target === "string") return target;
  return "messageId" in target ? `message ${target.messageId}` : target.mirrorId;
}
