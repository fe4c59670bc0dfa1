import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";

/** Lines that go through in one second. */
const MOST = 500;

/** Characters of a line. */
const LONGEST = 8_192;

/** Milliseconds. */
const SECOND = 1_000;

/**
 * The log of a thread, whose lines wait for the thread that writes them: however many there are to say, and
 * however long that one is busy, they take little memory. Of each second the first 500 lines go through, cut
 * to 8 192 characters, and one that says how many more there were.
 *
 * @param send sends a line to the thread that writes it
 */
export function boundedLog(
  send: (level: keyof Log, message: string) => void,
  clock: Pick<Clock, "elapsed" | "after">,
): Log {
  let since = -Infinity;
  let lines = 0;
  let dropped = 0;
  const tellDropped = (): void => {
    const count = dropped;
    dropped = 0;
    send("warn", `${count} lines of the log were dropped, since a thread had too much to say`);
  };
  const line = (level: keyof Log) => (message: string): void => {
    const now = clock.elapsed();
    if (now - since >= SECOND) [since, lines] = [now, 0];
    if (lines < MOST) {
      lines++;
      return send(level, message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message);
    }
    if (dropped++ === 0) clock.after(since + SECOND - now, tellDropped);
  };
  return { debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") };
}
