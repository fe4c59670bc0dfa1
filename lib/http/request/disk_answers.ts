import { LRUCache } from "lru-cache";
import { hasOddBytes, lossyName } from "../../catalog/odd_bytes.ts";
import { ownText } from "../../catalog/own_text.ts";
import type { DiskAnswer, OddNames, Repository } from "./repository.ts";

/** Answers remembered at most. */
const MAX_ANSWERS = 10_000;

/** Milliseconds for which an answer is believed. */
const LIFETIME = 2_000;

/** Longest path that is remembered; real paths are shorter. */
const LONGEST_PATH = 4096;

/** Names that are not UTF-8, remembered of all directories together. */
const MAX_ODD_NAMES = 50_000;

interface Remembered<Answer> {
  readonly answer: Answer;
  readonly until: number;
  /** How often everything was forgotten before it was looked up. */
  readonly era: number;
}

/**
 * Looks paths up on disk and remembers the answers for a moment, so that a link or a missing file
 * that many ask for costs no more than any other.
 */
export class DiskAnswers {
  readonly #repository: Pick<Repository, "lookup" | "oddNames">;
  readonly #root: () => string;
  readonly #elapsed: () => number;
  readonly #answers = new LRUCache<string, Remembered<DiskAnswer>>({ max: MAX_ANSWERS });
  #running = new Map<string, Promise<DiskAnswer>>();
  /** By directory. */
  readonly #oddNames = new LRUCache<string, Remembered<OddNames>>({ maxSize: MAX_ODD_NAMES });
  #listing = new Map<string, Promise<OddNames>>();
  #era = 0;

  /**
   * @param repository where to look
   * @param root absolute path of the repository, as configured now
   * @param elapsed milliseconds that never go back
   */
  constructor(
    repository: Pick<Repository, "lookup" | "oddNames">,
    root: () => string,
    elapsed: () => number,
  ) {
    this.#repository = repository;
    this.#root = root;
    this.#elapsed = elapsed;
  }

  /** @returns the remembered answer; `undefined` when the disk has to be asked */
  peek(path: string): DiskAnswer | undefined {
    const remembered = this.#answers.get(path);
    return remembered !== undefined && this.#isFresh(remembered) ? remembered.answer : undefined;
  }

  /**
   * Asks the disk. Those who ask for the same path meanwhile share the answer.
   *
   * @throws Error when the disk fails
   */
  load(path: string): Promise<DiskAnswer> {
    return this.#load(path, (kept) => this.#repository.lookup(this.#root(), kept));
  }

  /**
   * Asks the disk for a path whose bytes are not all UTF-8. Deno cannot look such a name up: its
   * directory is listed for one that reads like it. Nor can it look into such a directory: everything
   * in there is taken for a file.
   *
   * @param path with odd bytes as lone surrogates
   * @throws Error when the disk fails
   */
  loadOdd(path: string): Promise<DiskAnswer> {
    return this.#load(path, (kept) => this.#lookupOdd(kept));
  }

  async #lookupOdd(path: string): Promise<DiskAnswer> {
    const names = path.split("/");
    const at = names.findIndex(hasOddBytes);
    const above = names.slice(0, at).join("/") || "/";
    const directory = this.peek(above) ?? await this.load(above);
    if (directory.type === "outside") return { type: "outside", path };
    if (directory.type !== "directory") return { type: "missing", path };
    const type = (await this.#oddNamesOf(directory.path)).get(lossyName(names[at]!));
    const within = at < names.length - 1;
    if (type === undefined || (within && type === "file")) return { type: "missing", path };
    const parent = directory.path === "/" ? "" : directory.path;
    const found = [parent, ...names.slice(at)].join("/");
    return { type: within ? "file" : type, path: found };
  }

  async #oddNamesOf(directory: string): Promise<OddNames> {
    const remembered = this.#oddNames.get(directory);
    if (remembered !== undefined && this.#isFresh(remembered)) return remembered.answer;
    const [listing, era] = [this.#listing, this.#era];
    const running = listing.get(directory);
    if (running !== undefined) return await running;
    const names = this.#repository.oddNames(this.#root(), directory)
      .then((answer) => {
        const until = this.#elapsed() + LIFETIME;
        this.#oddNames.set(directory, { answer, until, era }, { size: answer.size + 1 });
        return answer;
      })
      .finally(() => listing.delete(directory));
    listing.set(directory, names);
    return await names;
  }

  #load(path: string, look: (path: string) => Promise<DiskAnswer>): Promise<DiskAnswer> {
    const running = this.#running.get(path);
    if (running !== undefined) return running;
    const [current, era] = [this.#running, this.#era];
    const kept = ownText(path);
    const lookup = look(kept)
      .then((answer) => {
        if (kept.length > LONGEST_PATH) return answer;
        this.#answers.set(kept, { answer, until: this.#elapsed() + LIFETIME, era });
        return answer;
      })
      .finally(() => current.delete(kept));
    current.set(kept, lookup);
    return lookup;
  }

  #isFresh({ until, era }: Remembered<unknown>): boolean {
    return era === this.#era && this.#elapsed() < until;
  }

  /**
   * Forgets everything, also what is being looked up now. That happens with each file that changes, so it has
   * to take no time: what is forgotten makes room when its place is needed.
   */
  clear(): void {
    this.#era++;
    this.#running = new Map();
    this.#listing = new Map();
  }
}
