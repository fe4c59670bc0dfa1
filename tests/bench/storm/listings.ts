/** One listing of a mirror by rsync, in milliseconds since the epoch; the log of rsync knows seconds. */
export interface Listing {
  /** Name of the rsync module. */
  readonly module: string;
  /** Directory that was listed, with a slash at both ends. */
  readonly below: string;
  /** It saw everything that was there before. */
  readonly from: number;
  /** When the redirector had written down what it showed, at the latest. */
  readonly to: number;
}

/** How far the log of the rsync daemon may be off: it knows whole seconds only. */
const PRECISION = 1000;

/**
 * Reads which listings of its modules an rsync daemon wrote into its log, and when the redirector was done with
 * each; one of which it never said so is left out.
 *
 * @param log of the rsync daemon
 * @param said log of the redirector, which calls the mirrors like the modules
 */
export function readListings(log: string, said: string): Listing[] {
  const done = Map.groupBy(readScans(said), ({ mirror }) => mirror);
  const open = new Map<string, Omit<Listing, "to">>();
  const listings: Listing[] = [];
  for (const line of log.split("\n")) {
    const [, date, clock, id, text = ""] = /^(\S+) (\S+) \[(\d+)\] (.*)$/.exec(line) ?? [];
    if (id === undefined) continue;
    // The daemon writes local time.
    const time = new Date(`${date!.replaceAll("/", "-")}T${clock}`).getTime();
    const [, module, directory] = /^rsync on ([^/\s]+)\/?(.*) from /.exec(text) ?? [];
    if (module !== undefined) {
      const below = directory === "" ? "/" : `/${directory!.replace(/\/$/, "")}/`;
      open.set(id, { module, below, from: time });
    } else if (text.startsWith("sent ")) {
      const begun = open.get(id);
      open.delete(id);
      // Until a second is over this may be what was said of the listing before.
      const to = done.get(begun?.module ?? "")?.find((scan) => scan.time >= time + PRECISION)?.time;
      if (begun !== undefined && to !== undefined) listings.push({ ...begun, to });
    }
  }
  return listings;
}

/** Reads when the redirector said that it had scanned which mirror. */
function readScans(said: string): { readonly mirror: string; readonly time: number }[] {
  return said.split("\n").flatMap((line) => {
    const [, date, clock, mirror] = /^(\S+) (\S+) UTC Scan of (\S+): /.exec(line) ?? [];
    if (mirror === undefined) return [];
    return [{ mirror, time: Date.parse(`${date!.replaceAll("/", "-")}T${clock}Z`) }];
  });
}
