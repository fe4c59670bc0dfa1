import { createHash } from "../worker/late_builtins.ts";
import { encodePath } from "../catalog/encode_path.ts";
import type { IndexedFile } from "../catalog/file.ts";
import { joinUrl } from "../catalog/join_url.ts";
import type { LargeRedirect } from "../catalog/large_redirect.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { messageOf } from "../log/message_of.ts";
import type { Store, StoreChange } from "../store/store.ts";
import type { RedirectRule } from "./follow_redirects.ts";
import { forgetCopy } from "./forget_copy.ts";
import { probe } from "./probe.ts";

/** What a {@linkcode Verifier} works with. */
export interface VerifierOptions {
  readonly store: Pick<
    Store,
    "addEvent" | "available" | "lookup" | "mirror" | "updateCopies" | "verifications" | "watch"
  >;
  /** The configuration in force now. */
  readonly config: () => Pick<Config, "disallowRedirects" | "scanInterval" | "verify">;
  /** How mirrors are asked. */
  readonly rule: () => Omit<RedirectRule, "redirects">;
  /** Whether the process is short of file descriptors: then nothing is asked. Default: never. */
  readonly pressure?: () => boolean;
  readonly log: Log;
  readonly clock: Pick<Clock, "after" | "elapsed" | "now" | "timeout">;
  /** Ends everything that runs. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two requests to one mirror. */
const PACE = 500;

/** Mirrors that are asked at once. */
const AT_ONCE = 10;

/** Copies that wait to be asked for, at most: beyond that, a later redirect brings them again. */
export const MOST_WAITING = 1_000;

/** Copies that this node remembers to have asked for. */
const MOST_REMEMBERED = 50_000;

/** What one mirror is to be asked for. */
interface Queue {
  readonly paths: Set<string>;
  /** When it may be asked again, on the clock that is never set. */
  next: number;
  busy: boolean;
}

/**
 * Asks mirrors, in the background, whether they have the large files that redirects lead to: once for a
 * file, mirror and version, whichever node comes first. A copy that is not there, or of another size, is
 * forgotten until the next scan; what cannot be told is asked again after a scan interval, if anybody
 * wants that file.
 */
export class Verifier implements AsyncDisposable {
  readonly #options: VerifierOptions;
  readonly #queues = new Map<number, Queue>();
  /** By path: by mirror: until when, on the clock that is never set. */
  readonly #asked = new Map<string, Map<number, number>>();
  readonly #tasks = new Set<Promise<void>>();
  #waiting = 0;
  #remembered = 0;
  #timer: Timer | null = null;

  constructor(options: VerifierOptions) {
    this.#options = options;
    options.store.watch((change) => this.#forget(change), options.signal);
  }

  /** Takes in where redirects led. */
  take(redirects: readonly LargeRedirect[]): void {
    const { signal, config, clock, store } = this.#options;
    if (signal.aborted || config().verify === null || !store.available) return;
    const now = clock.elapsed();
    for (const { mirrorId, path } of redirects) {
      if ((this.#asked.get(path)?.get(mirrorId) ?? -Infinity) > now) continue;
      if (this.#waiting >= MOST_WAITING) break;
      let queue = this.#queues.get(mirrorId);
      if (queue === undefined) {
        this.#queues.set(mirrorId, queue = { paths: new Set(), next: -Infinity, busy: false });
      }
      if (queue.paths.has(path)) continue;
      queue.paths.add(path);
      this.#waiting++;
    }
    this.#serve();
  }

  /** Waits until nothing is asked any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await Promise.all(this.#tasks);
  }

  /** Asks whom it is time to ask. */
  #serve(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    const { clock, signal } = this.#options;
    if (signal.aborted) return;
    const now = clock.elapsed();
    let soonest = Infinity;
    for (const [mirrorId, queue] of this.#queues) {
      if (queue.busy) continue;
      if (queue.next > now) {
        soonest = Math.min(soonest, queue.next);
        continue;
      }
      const [path] = queue.paths;
      if (path === undefined) {
        this.#queues.delete(mirrorId);
      } else if (this.#tasks.size < AT_ONCE) {
        queue.paths.delete(path);
        this.#waiting--;
        queue.next = now + PACE;
        queue.busy = true;
        this.#start(mirrorId, path, queue);
      }
    }
    // Where one is asked, its end looks again.
    if (soonest < Infinity) this.#timer = clock.after(soonest - now, () => this.#serve());
  }

  #start(mirrorId: number, path: string, queue: Queue): void {
    const { log, signal } = this.#options;
    const task = this.#ask(mirrorId, path).catch((error) => {
      if (signal.aborted) return;
      log.debug(`Cannot verify "${path}" on the mirror ${mirrorId}: ${messageOf(error)}`);
    }).finally(() => {
      queue.busy = false;
      this.#tasks.delete(task);
      this.#serve();
    });
    this.#tasks.add(task);
  }

  async #ask(mirrorId: number, path: string): Promise<void> {
    const { store, config, clock, signal, pressure } = this.#options;
    const { verify, scanInterval } = config();
    if (verify === null || pressure?.()) return;
    const retry = clock.elapsed() + Math.max(1, scanInterval) * 60_000;
    this.#remember(path, mirrorId, retry);
    const [mirror, indexed] = await Promise.all([store.mirror(mirrorId), store.lookup(path)]);
    const copy = indexed?.copies.find((one) => one.mirrorId === mirrorId);
    // A mirror with the whole tree was asked for the file already.
    if (!mirror?.enabled || mirror.wholeTree || !indexed || copy === undefined) return;
    if (indexed.file.size < verify.from) return;
    const version = versionOf(indexed);
    if (!await store.verifications.claim(mirrorId, version)) {
      return this.#remember(path, mirrorId, Infinity);
    }
    let found: "as it should be" | "missing" | "size" | null = null;
    try {
      found = await this.#look(mirror, indexed, copy.size);
    } finally {
      // Who is found out now is asked again when a scan finds the file there.
      const failed = found !== "as it should be";
      if (failed) await store.verifications.release(mirrorId, version);
    }
    if (found === null) return;
    if (found === "as it should be") return this.#remember(path, mirrorId, Infinity);
    await forgetCopy(path, found, { ...this.#options, mirror, now: clock.now, signal });
  }

  /** @returns `null` when the answer says nothing about the file */
  async #look(
    { httpUrl, httpUp, allowRedirects }: MirrorRecord,
    { file }: IndexedFile,
    size: number,
  ): Promise<"as it should be" | "missing" | "size" | null> {
    const { rule, config, clock, signal } = this.#options;
    const base = /^https?:\/\//i.test(httpUrl) ? httpUrl : `http${httpUp ? "" : "s"}://${httpUrl}`;
    const result = await probe({
      ...{ ...rule(), clock, signal },
      url: joinUrl(base, encodePath(file.path)),
      redirects: allowRedirects ?? !config().disallowRedirects,
    });
    if (result.type === "found") {
      // A copy that may be outdated is as its listing said, or was replaced since.
      const right = result.size === null || result.size === size || result.size === file.size;
      return right ? "as it should be" : "size";
    }
    const gone = result.type === "status" && (result.status === 404 || result.status === 410);
    return gone ? "missing" : null;
  }

  #remember(path: string, mirrorId: number, until: number): void {
    const mirrors = this.#asked.get(path) ?? new Map<number, number>();
    if (!mirrors.has(mirrorId)) this.#remembered++;
    mirrors.set(mirrorId, until);
    this.#asked.set(path, mirrors);
    for (const [oldest, some] of this.#asked) {
      if (this.#remembered <= MOST_REMEMBERED || oldest === path) break;
      this.#asked.delete(oldest);
      this.#remembered -= some.size;
    }
  }

  /** Forgets what was asked for of files and copies that are others now. */
  #forget(change: StoreChange): void {
    if (change.type === "missed") {
      this.#asked.clear();
      this.#remembered = 0;
    }
    if (change.type !== "files" && change.type !== "copies") return;
    for (const path of change.paths) {
      const mirrors = this.#asked.get(path);
      if (mirrors === undefined) continue;
      if (change.type === "files") {
        this.#remembered -= mirrors.size;
        mirrors.clear();
      } else if (mirrors.delete(change.mirrorId)) {
        this.#remembered--;
      }
      if (mirrors.size === 0) this.#asked.delete(path);
    }
  }
}

/** A few letters that stand for a file in its present version. */
function versionOf({ file: { path, size, modTime } }: IndexedFile): string {
  return createHash("sha256").update(`${size} ${modTime} ${path}`).digest("base64url").slice(0, 16);
}
