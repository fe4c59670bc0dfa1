import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Log } from "../log/log.ts";
import { NoSuchMirrorError, type Store } from "../store/store.ts";

/** What {@linkcode forgetCopy} works with. */
export interface ForgetOptions {
  readonly mirror: Pick<MirrorRecord, "id" | "name">;
  readonly store: Pick<Store, "addEvent" | "updateCopies">;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Forgets a copy that is not what it should be, for all nodes, as if the last scan had not found it.
 *
 * @param path whose copy
 * @param why it is not there, or of another size
 */
export async function forgetCopy(
  path: string,
  why: "missing" | "size",
  { mirror, store, log, now, signal }: ForgetOptions,
): Promise<void> {
  try {
    await store.updateCopies(mirror.id, { changed: [], removed: [path] }, signal);
  } catch (error) {
    if (error instanceof NoSuchMirrorError) return;
    throw error;
  }
  const what = why === "missing" ? "lacks" : "has another size of";
  log.warn(`Mirror ${mirror.name} ${what} ${path}: forgotten until its next scan`);
  await store.addEvent({ type: "copy_forgotten", mirrorId: mirror.id, time: now(), path, why });
}
