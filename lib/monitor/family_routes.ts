import type { AddressFamily } from "../catalog/families.ts";

/** Checks in a row that end in "network unreachable" and mean that this machine has no route. */
const ENOUGH = 3;

/** Milliseconds after which a family without a route is tried again. */
const RETRY = 10 * 60_000;

interface Route {
  /** Whether anything was ever reached. */
  reached: boolean;
  /** How many checks in a row found no route. */
  failures: number;
  tried: number;
}

/**
 * Learns from checks whether this machine has a route to the addresses of a family at all: where every
 * check ends in "network unreachable", that says nothing about mirrors.
 */
export class FamilyRoutes {
  readonly #routes: Record<AddressFamily, Route> = {
    4: { reached: false, failures: 0, tried: 0 },
    6: { reached: false, failures: 0, tried: 0 },
  };

  /** Whether mirrors are to be checked over a family. @param now milliseconds since the epoch */
  isOpen(family: AddressFamily, now: number): boolean {
    const { failures, tried } = this.#routes[family];
    return failures < ENOUGH || Math.abs(now - tried) >= RETRY;
  }

  /** Families for which there is no route. */
  get missing(): readonly AddressFamily[] {
    return ([4, 6] as const).filter((family) => this.#routes[family].failures >= ENOUGH);
  }

  /**
   * Takes note of how a check ended.
   *
   * @param family of the address that was asked
   * @param unreachable whether it ended in "network unreachable"
   * @param now milliseconds since the epoch
   * @returns whether it tells of the mirror, and not of this machine
   */
  note(family: AddressFamily, unreachable: boolean, now: number): boolean {
    const route = this.#routes[family];
    if (!unreachable) {
      route.reached = true;
      route.failures = 0;
      return true;
    }
    route.failures++;
    route.tried = now;
    return route.reached && route.failures === 1;
  }
}
