import { bucketOf, type TalliedTimes, TIME_BOUNDS } from "./tallied_requests.ts";

/** How long something took, added up. */
export class TotalTimes implements TalliedTimes {
  readonly #buckets: number[] = new Array(TIME_BOUNDS.length + 1).fill(0);
  #sum = 0;

  /** See {@linkcode TalliedTimes.buckets}. */
  get buckets(): readonly number[] {
    return this.#buckets;
  }

  /** See {@linkcode TalliedTimes.sum}. */
  get sum(): number {
    return this.#sum;
  }

  /** Adds what was tallied elsewhere; what has other buckets, as another version may, is left out. */
  add({ buckets, sum }: TalliedTimes): void {
    if (buckets.length !== this.#buckets.length) return;
    buckets.forEach((number, bucket) => this.#buckets[bucket]! += number);
    this.#sum += sum;
  }

  /** Adds one time. @param milliseconds that it took */
  addOne(milliseconds: number): void {
    this.#buckets[bucketOf(milliseconds)]!++;
    this.#sum += milliseconds / 1000;
  }
}
