import { LRUCache } from "lru-cache";
import { ownText } from "../../catalog/own_text.ts";
import type { DiskAnswer, Repository } from "./repository.ts";

/** Answers remembered at most. */
const MAX_ANSWERS = 10_000;

/** Milliseconds for which an answer is believed. */
const LIFETIME = 2_000;

/** Longest path that is remembered; real paths are shorter. */
const LONGEST_PATH = 4096;

interface Remembered {
  readonly answer: DiskAnswer;
  readonly until: number;
}

/**
 * Looks paths up on disk and remembers the answers for a moment, so that a link or a missing file
 * that many ask for costs no more than any other.
 */
export class DiskAnswers {
  readonly #repository: Repository;
  readonly #root: () => string;
  readonly #elapsed: () => number;
  #answers = new LRUCache<string, Remembered>({ max: MAX_ANSWERS });
  #running = new Map<string, Promise<DiskAnswer>>();

  /**
   * @param repository where to look
   * @param root absolute path of the repository, as configured now
   * @param elapsed milliseconds that never go back
   */
  constructor(repository: Repository, root: () => string, elapsed: () => number) {
    this.#repository = repository;
    this.#root = root;
    this.#elapsed = elapsed;
  }

  /** @returns the remembered answer; `undefined` when the disk has to be asked */
  peek(path: string): DiskAnswer | undefined {
    const remembered = this.#answers.get(path);
    return remembered !== undefined && this.#elapsed() < remembered.until
      ? remembered.answer
      : undefined;
  }

  /**
   * Asks the disk. Those who ask for the same path meanwhile share the answer.
   *
   * @throws Error when the disk fails
   */
  load(path: string): Promise<DiskAnswer> {
    const running = this.#running.get(path);
    if (running !== undefined) return running;
    const [current, answers] = [this.#running, this.#answers];
    const kept = ownText(path);
    const lookup = this.#repository.lookup(this.#root(), kept)
      .then((answer) => {
        if (kept.length > LONGEST_PATH) return answer;
        answers.set(kept, { answer, until: this.#elapsed() + LIFETIME });
        return answer;
      })
      .finally(() => current.delete(kept));
    current.set(kept, lookup);
    return lookup;
  }

  /** Forgets everything, also what is being looked up now. */
  clear(): void {
    this.#answers = new LRUCache({ max: MAX_ANSWERS });
    this.#running = new Map();
  }
}
