import type { MirrorRecord } from "../catalog/mirror_state.ts";

/** What is known of mirrors, and since when nobody can look again. */
export interface RememberedMirrors {
  readonly mirrors: readonly MirrorRecord[];
  /** When they were like that, in milliseconds since the epoch; `null`: they are so now. */
  readonly asOf: number | null;
}

/** What a {@linkcode MirrorMemory} takes note of. */
export type MirrorNews =
  | { readonly type: "mirrors"; readonly mirrors: readonly MirrorRecord[] }
  | { readonly type: "mirror"; readonly mirror: MirrorRecord }
  | { readonly type: "mirror_removed"; readonly id: number }
  | { readonly type: "availability"; readonly available: boolean };

/** The mirrors as the store told them last, for the time in which it is away. */
export class MirrorMemory {
  readonly #now: () => number;
  #mirrors: Map<number, MirrorRecord> | null = null;
  #away: number | null = null;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Since when the store has been away, in milliseconds since the epoch; `null`: it is not. */
  get away(): number | null {
    return this.#away;
  }

  /** Takes note of what the store tells. */
  note(news: MirrorNews): void {
    switch (news.type) {
      case "mirrors":
        this.#mirrors = new Map(news.mirrors.map((mirror) => [mirror.id, mirror]));
        return;
      case "mirror":
        this.#mirrors?.set(news.mirror.id, news.mirror);
        return;
      case "mirror_removed":
        this.#mirrors?.delete(news.id);
        return;
      case "availability":
        this.#away = news.available ? null : this.#away ?? this.#now();
    }
  }

  /** What was known when the store went away. @returns `null` when nothing ever was */
  recall(): RememberedMirrors | null {
    if (this.#mirrors === null) return null;
    return { mirrors: [...this.#mirrors.values()], asOf: this.#away ?? this.#now() };
  }
}
