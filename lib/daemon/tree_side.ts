import type { AskedFile } from "../catalog/asked_file.ts";
import type { MirrorRecord } from "../catalog/mirror_state.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../log/log.ts";
import { TreeWatch, type TreeWatchOptions } from "../monitor/tree_watch.ts";
import { FileAsker, type FileAskerOptions } from "../scan/http/file_asker.ts";
import { systemClock } from "./system_clock.ts";

/** What a {@linkcode TreeSide} works with. */
export interface TreeSideOptions
  extends
    Pick<TreeWatchOptions, "checkSoon" | "isMine" | "lookAgain" | "signal" | "store">,
    Pick<FileAskerOptions, "openClient" | "resolve"> {
  readonly config: () => Pick<Config, "disallowRedirects">;
  readonly log: Log;
}

/** Mirrors with the whole tree on the control thread: they are asked for files one by one. */
export class TreeSide implements AsyncDisposable {
  readonly #options: TreeSideOptions;
  readonly #watch: TreeWatch;
  /** By mirror; another one where it is asked in another way. */
  readonly #askers = new Map<number, { readonly how: string; readonly asker: FileAsker }>();

  constructor(options: TreeSideOptions) {
    this.#options = options;
    this.#watch = new TreeWatch({
      ...options,
      clock: systemClock,
      ask: async (mirror, path) => {
        const answer = await this.#askerOf(mirror).ask(path);
        if (answer.type === "gone") return { size: null, why: "It is not there" };
        if (answer.type === "undecided") return { size: null, why: answer.reason };
        return { size: answer.size, why: "It does not tell the size" };
      },
    });
  }

  /** Begins. */
  start(): void {
    this.#watch.start();
  }

  /** Files of which somebody wants to know whether mirrors have them. */
  want(paths: readonly string[]): void {
    this.#watch.want(paths);
  }

  /** See {@linkcode TreeWatch.known}. */
  known(path: string): Promise<Map<number, AskedFile>> {
    return this.#watch.known(path);
  }

  /** See {@linkcode AsyncDisposable}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch.settle();
    for (const { asker } of this.#askers.values()) asker[Symbol.dispose]();
  }

  #askerOf({ id, httpUrl, allowRedirects }: MirrorRecord): FileAsker {
    const { openClient, resolve, config, signal } = this.#options;
    const redirects = allowRedirects ?? !config().disallowRedirects;
    const how = `${redirects} ${httpUrl}`;
    const known = this.#askers.get(id);
    if (known?.how === how) return known.asker;
    known?.asker[Symbol.dispose]();
    const asker = new FileAsker({
      ...{ url: httpUrl, redirects, openClient, resolve, signal },
      ...{ clock: systemClock, random: Math.random },
    });
    this.#askers.set(id, { how, asker });
    return asker;
  }
}
