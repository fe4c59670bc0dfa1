import type { Clock, Timer } from "../../clock/clock.ts";

/** Files that wait to be told; further ones are dropped, and come again where somebody wants them. */
const MOST = 1_000;

/** Milliseconds between the first file and the report. */
const INTERVAL = 100;

/**
 * Gathers in an HTTP thread which files mirrors should be asked for. A timer runs only while there is
 * something to tell.
 *
 * @param send takes in a report, ten a second at most
 * @returns takes in a path
 */
export function wantedFiles(
  send: (paths: readonly string[]) => void,
  clock: Pick<Clock, "after">,
): (path: string) => void {
  const paths = new Set<string>();
  let timer: Timer | null = null;
  const report = (): void => {
    timer = null;
    send([...paths]);
    paths.clear();
  };
  return (path) => {
    if (paths.size >= MOST) return;
    paths.add(path);
    timer ??= clock.after(INTERVAL, report);
  };
}
