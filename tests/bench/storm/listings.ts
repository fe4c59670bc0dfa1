/** One listing of a mirror by rsync, in milliseconds since the epoch; its log knows seconds. */
export interface Listing {
  /** Name of the rsync module. */
  readonly module: string;
  /** Directory that was listed, with a slash at both ends. */
  readonly below: string;
  /** It saw everything that was there before. */
  readonly from: number;
  /** It was over at the latest. */
  readonly to: number;
}

/** How far the log of the rsync daemon may be off: it knows whole seconds only. */
const PRECISION = 1000;

/** Reads which listings of its modules an rsync daemon wrote into its log; one that did not end is left out. */
export function readListings(log: string): Listing[] {
  const open = new Map<string, Omit<Listing, "to">>();
  const listings: Listing[] = [];
  for (const line of log.split("\n")) {
    const [, date, clock, id, said = ""] = /^(\S+) (\S+) \[(\d+)\] (.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    // The daemon writes local time.
    const time = new Date(`${date!.replaceAll("/", "-")}T${clock}`).getTime();
    const [, module, directory] = /^rsync on ([^/\s]+)\/?(.*) from /.exec(said) ?? [];
    if (module !== undefined) {
      const below = directory === "" ? "/" : `/${directory!.replace(/\/$/, "")}/`;
      open.set(id, { module, below, from: time });
    } else if (said.startsWith("sent ")) {
      const begun = open.get(id);
      if (begun !== undefined) listings.push({ ...begun, to: time + PRECISION });
      open.delete(id);
    }
  }
  return listings;
}
