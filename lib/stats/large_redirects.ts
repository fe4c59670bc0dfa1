import type { LargeRedirect } from "../catalog/large_redirect.ts";
import type { AnswerFacts } from "./recorder.ts";

/** Different ones between two times that they are sent, at most: further ones come again. */
const MOST = 500;

/** Where redirects of large files led, each pair of mirror and file once. */
export class LargeRedirects {
  readonly #from: () => number | null;
  #mirrors = new Map<number, Set<string>>();
  #count = 0;

  /** @param from bytes from which on a file is large; `null`: none is */
  constructor(from: () => number | null) {
    this.#from = from;
  }

  /** Notes where a download was sent to. */
  add({ candidate, fallback, path, size, status }: AnswerFacts): void {
    const from = this.#from();
    if (from === null || size < from || candidate === null || fallback || status !== 302) return;
    let paths = this.#mirrors.get(candidate.mirror.id);
    if (paths?.has(path) || this.#count >= MOST) return;
    if (paths === undefined) this.#mirrors.set(candidate.mirror.id, paths = new Set());
    paths.add(path);
    this.#count++;
  }

  /** Takes out what there is. */
  take(): LargeRedirect[] {
    if (this.#count === 0) return [];
    const taken = [...this.#mirrors].flatMap(([mirrorId, paths]) =>
      [...paths].map((path) => ({ mirrorId, path }))
    );
    this.#mirrors = new Map();
    this.#count = 0;
    return taken;
  }
}
