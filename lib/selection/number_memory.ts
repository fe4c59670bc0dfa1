/** A chunk has 2 to the power of this many numbers: 64 KB. */
const CHUNK_BITS = 13;

const CHUNK_SIZE = 1 << CHUNK_BITS;

/**
 * Short lists of numbers in few large pieces of memory outside of V8's heap. Where there are many
 * lists, as arrays they would take several times as much, and V8 would look at each of them again and
 * again.
 */
export class NumberMemory {
  readonly #chunks: Float64Array[] = [];
  /** Where the next list goes in the last chunk. */
  #end = CHUNK_SIZE;

  /**
   * Keeps a list.
   *
   * @param numbers at least one
   * @returns its place, a whole number of 0 or more, for {@linkcode at}
   */
  add(numbers: readonly number[]): number {
    if (this.#end + numbers.length > CHUNK_SIZE) {
      // A list that is longer than a chunk has one of its own.
      this.#chunks.push(new Float64Array(Math.max(CHUNK_SIZE, numbers.length)));
      this.#end = 0;
    }
    const last = this.#chunks.length - 1;
    const place = last * CHUNK_SIZE + this.#end;
    this.#chunks[last]!.set(numbers, this.#end);
    this.#end = Math.min(CHUNK_SIZE, this.#end + numbers.length);
    return place;
  }

  /**
   * @param place of a list
   * @param index within the list, which must be that long
   * @returns the number there
   */
  at(place: number, index: number): number {
    return this.#chunks[place >>> CHUNK_BITS]![(place & CHUNK_SIZE - 1) + index]!;
  }
}
