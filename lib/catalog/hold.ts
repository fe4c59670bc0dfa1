/** A path that is held back: as if it were not there, but for some. */
export interface Hold {
  /** Networks whose clients get it all the same, in CIDR notation or single addresses. */
  readonly networks: readonly string[];
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
}

/** Paths that are held at once, at most. */
export const MOST_HOLDS = 1000;

/** Writes it for the store. */
export function formatHold({ networks, since }: Hold): string {
  return JSON.stringify({ networks, since });
}

/** Reads what {@linkcode formatHold} wrote. What cannot be read is held for everyone: nobody is let in. */
export function parseHold(text: string): Hold {
  try {
    const { networks, since } = JSON.parse(text) as { networks?: unknown; since?: unknown };
    if (Array.isArray(networks) && networks.every((one) => typeof one === "string")) {
      return { networks, since: typeof since === "number" ? since : 0 };
    }
  } catch {
    // It is held.
  }
  return { networks: [], since: 0 };
}
