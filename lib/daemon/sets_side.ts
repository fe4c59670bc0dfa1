import type { ListedFile } from "../catalog/file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import type { Lister } from "../scan/lister.ts";
import type { BeforeWrite } from "../scan/source_scan_options.ts";
import type { NotesChanged } from "../store/cache/note_watch.ts";
import type { Store } from "../store/store.ts";
import { encodePath } from "../catalog/encode_path.ts";
import { joinUrl } from "../catalog/join_url.ts";
import { messageOf } from "../log/message_of.ts";
import { Trees } from "../selection/tree.ts";
import { askForRoot, hashRoot, ROOT_TIMEOUT } from "../sets/root_answer.ts";
import { SetRecorder } from "../sets/set_recorder.ts";
import { SetWatch } from "../sets/set_watch.ts";
import { KnownNotes } from "../store/cache/known_notes.ts";
import { systemClock } from "./system_clock.ts";

/** What a {@linkcode SetsSide} works with. */
export interface SetsSideOptions {
  readonly store: Store;
  readonly config: () => Config;
  /** Whether this node checks a mirror. */
  readonly isMine: (id: number) => boolean;
  /** Follows redirects of a mirror as checks do. */
  readonly fetch: (mirror: MirrorRecord, url: string, init: RequestInit) => Promise<Response>;
  /** What lists a mirror. */
  readonly listers: (mirror: MirrorRecord) => Promise<readonly Lister[]>;
  readonly scanSoon: (id: number) => void;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Names that a mirror without rsync and FTP is asked for one by one, at most. */
const MOST_HEADS = 200;

/** Milliseconds until how old revisions may be is judged anew. */
const JUDGE = 30_000;

/** Metadata sets on the control thread: what the source had, and what mirrors have. */
export class SetsSide implements AsyncDisposable {
  readonly #options: SetsSideOptions;
  readonly #recorder: SetRecorder;
  readonly #watch: SetWatch;
  readonly #notes = new KnownNotes();
  readonly #resources = new AsyncDisposableStack();
  #trees: Trees | null = null;
  #configured: Config["metadataSets"] = [];

  constructor(options: SetsSideOptions) {
    this.#options = options;
    const { store, config, log, signal, isMine, scanSoon } = options;
    const clock = systemClock;
    const common = { store, config, log, clock, signal };
    this.#recorder = this.#resources.use(
      new SetRecorder({ ...common, hashRoot: (file) => hashRoot(config().repository, file) }),
    );
    this.#watch = this.#resources.use(
      new SetWatch({
        ...common,
        ...{ isMine, scanSoon },
        trees: () => this.#trees,
        ask: (mirror, root, etag, until) =>
          askForRoot(
            joinUrl(baseOf(mirror), encodePath(root)),
            etag,
            (url, init) => options.fetch(mirror, url, init),
            until,
            systemClock.timeout(ROOT_TIMEOUT),
          ),
        list: (mirror, below, names, until) => this.#list(mirror, below, names, until),
      }),
    );
  }

  /** Begins, where this node works on schedule. */
  start(): void {
    void this.#recorder.start();
    this.#resources.use(this.#watch.start());
    this.#resources.use(systemClock.every(JUDGE, () => void this.#judge()));
  }

  /** The sets as they are now; `null`: none are configured. */
  get trees(): Trees | null {
    return this.#trees;
  }

  /** Notes what names were, before the index says what they are. */
  readonly beforeWrite: BeforeWrite = (difference) => this.#recorder.beforeWrite(difference);

  /** The configuration may be another one. */
  configured(): void {
    this.#recorder.configured();
    const { metadataSets } = this.#options.config();
    if (metadataSets === this.#configured) return;
    this.#configured = metadataSets;
    this.#trees = metadataSets.length === 0 ? null : new Trees({ stableDraw: [], metadataSets }, 0);
    this.#takeAll();
  }

  /** Takes in what nodes noted. */
  take(change: NotesChanged): void {
    const notes = this.#notes.take(change);
    const changed = change.fresh ? null : [...change.put.keys(), ...change.removed];
    if (change.kind === "require") this.#trees?.takeRequired(notes);
    if (change.kind === "set_mirror") this.#trees?.takeStandings(notes, changed);
    if (change.kind === "set" && this.#trees?.takeSets(notes, changed)) {
      this.#trees.takeStandings(this.#notes.of("set_mirror"), null);
    }
    if (change.kind === "set") void this.#revised(changed ?? [...notes.keys()]);
  }

  async #revised(roots: readonly string[]): Promise<void> {
    try {
      await this.#watch.revised(roots);
    } catch (error) {
      this.#options.log.debug(`Cannot judge metadata sets: ${messageOf(error)}`);
    }
  }

  /** A whole scan of a mirror ended well that began then. */
  async scanned(mirror: MirrorRecord, began: number): Promise<void> {
    try {
      await this.#watch.scanned(mirror, began);
    } catch (error) {
      this.#options.log.debug(`Cannot judge the sets of ${mirror.name}: ${messageOf(error)}`);
    }
  }

  /** See {@linkcode AsyncDisposable}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  #takeAll(): void {
    this.#trees?.takeRequired(this.#notes.of("require"));
    this.#trees?.takeSets(this.#notes.of("set"), null);
    this.#trees?.takeStandings(this.#notes.of("set_mirror"), null);
    void this.#judge();
  }

  /** Judges how old revisions may be, as the HTTP threads do. */
  async #judge(): Promise<void> {
    if (this.#trees === null) return;
    try {
      const mirrors = await this.#options.store.mirrors();
      this.#trees.takeMirrors(new Map(mirrors.map((mirror) => [mirror.id, mirror])));
      this.#trees.judge(systemClock.now());
    } catch (error) {
      this.#options.log.debug(`Cannot judge metadata sets: ${messageOf(error)}`);
    }
  }

  /** The sets with their floors as of now. */
  async judged(): Promise<Trees | null> {
    await this.#judge();
    return this.#trees;
  }

  async #list(
    mirror: MirrorRecord,
    below: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ListedFile[] | null> {
    const base = below.slice(0, below.lastIndexOf("/") + 1);
    const { rsyncUrl, ftpUrl } = mirror;
    if (rsyncUrl === "" && ftpUrl === "") return await this.#ask(mirror, names, signal);
    const protocol = rsyncUrl !== "" ? "rsync" : "ftp";
    const lister = (await this.#options.listers(mirror)).find((one) => one.protocol === protocol);
    if (lister === undefined) return null;
    const url = protocol === "rsync" ? joinUrl(rsyncUrl, base) : joinUrl(ftpUrl, encodePath(base));
    const { followLinks } = mirror;
    const listed: ListedFile[] = [];
    for await (const batch of lister.list(url, signal, { followLinks }).files) {
      for (const file of batch) listed.push({ ...file, path: joinUrl(base, file.path) });
    }
    return listed;
  }

  /** Asks for the heads of names, where nothing else tells. */
  async #ask(
    mirror: MirrorRecord,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly ListedFile[] | null> {
    const listed: ListedFile[] = [];
    for (const path of names.slice(0, MOST_HEADS)) {
      const response = await this.#options.fetch(
        mirror,
        joinUrl(baseOf(mirror), encodePath(path)),
        { method: "HEAD", headers: { "accept-encoding": "identity" }, signal },
      );
      await response.body?.cancel();
      if (response.status === 404) continue;
      const size = Number(response.headers.get("content-length") ?? NaN);
      if (response.status !== 200 || !Number.isFinite(size)) return null;
      const time = Date.parse(response.headers.get("last-modified") ?? "");
      listed.push({ path, size, modTime: Number.isNaN(time) ? null : time });
    }
    return listed;
  }
}

function baseOf({ httpUrl, httpUp }: MirrorRecord): string {
  if (/^https?:\/\//i.test(httpUrl)) return httpUrl;
  return `${httpUp ? "http" : "https"}://${httpUrl}`;
}
