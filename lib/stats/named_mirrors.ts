/**
 * Which mirrors have metrics of their own: the first so many of which anything is told, for as long as they
 * are there, so that no number of mirrors makes more series than the operator allows.
 */
export class NamedMirrors {
  readonly #most: () => number;
  readonly #ids = new Set<number>();

  /** @param most how many there may be, as configured now */
  constructor(most: () => number) {
    this.#most = most;
  }

  /** Whether a mirror has metrics of its own, from now on if there is room. */
  has(id: number): boolean {
    if (this.#ids.has(id)) return true;
    if (this.#ids.size >= this.#most()) return false;
    this.#ids.add(id);
    return true;
  }

  /**
   * Forgets mirrors that are not there any more, and those that came last where fewer are allowed now.
   *
   * @param ids of all that are there
   * @returns those that were forgotten
   */
  keep(ids: ReadonlySet<number>): number[] {
    const most = this.#most();
    let kept = 0;
    const gone = [...this.#ids].filter((id) => !ids.has(id) || ++kept > most);
    for (const id of gone) this.#ids.delete(id);
    return gone;
  }
}
