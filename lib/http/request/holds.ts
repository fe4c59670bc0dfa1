import { parseHold } from "../../catalog/hold.ts";
import { AddressRangeList, parseAddressRange } from "../../net/address_range.ts";

/** Whether a path is as if it were not there; `null`: none is. */
export type PathTest = ((path: string) => boolean) | null;

interface HeldPath {
  readonly path: string;
  /** `null`: nobody gets it. */
  readonly open: AddressRangeList | null;
}

/** Paths that are held back, and for whom they are not. */
export class Holds {
  /** For everyone who is in none of the networks. */
  readonly everyone: PathTest;
  readonly #held: readonly HeldPath[];
  readonly #excluded: PathTest;
  /** By which holds somebody passes. */
  readonly #tests = new Map<string, PathTest>();

  /**
   * @param notes of the kind `hold`: path → who gets it
   * @param excluded what nobody gets in any case
   */
  constructor(notes: ReadonlyMap<string, string>, excluded: PathTest) {
    this.#excluded = excluded;
    this.#held = [...notes].map(([path, text]) => {
      const networks = parseHold(text).networks.filter((one) => parseAddressRange(one) !== null);
      return { path, open: networks.length === 0 ? null : new AddressRangeList(networks) };
    });
    this.everyone = testOf(this.#held.map(({ path }) => path), excluded);
  }

  /**
   * What a client does not get.
   *
   * @param address of the client; `null`: nobody knows
   * @returns the same test for all who are in the same networks
   */
  of(address: string | null): PathTest {
    // Nearly everyone is in no network of any.
    if (address === null || !this.#held.some(({ open }) => open?.contains(address) === true)) {
      return this.everyone;
    }
    const closed = this.#held.filter(({ open }) => !open?.contains(address));
    const key = closed.map(({ path }) => path).join("\n");
    let test = this.#tests.get(key);
    if (test === undefined) {
      test = testOf(closed.map(({ path }) => path), this.#excluded);
      this.#tests.set(key, test);
    }
    return test;
  }
}

/** A path is held with all that is below it. */
function testOf(paths: readonly string[], excluded: PathTest): PathTest {
  if (paths.length === 0) return excluded;
  const held = new Set(paths);
  return (path) => {
    if (excluded?.(path) || held.has("/")) return true;
    for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
      if (held.has(path.slice(0, end))) return true;
    }
    return false;
  };
}
