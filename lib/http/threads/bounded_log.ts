import type { Clock } from "../../clock/clock.ts";
import type { Log } from "../../log/log.ts";

/** Lines that go through in one second. */
const MOST = 500;

/** Characters of a line. */
const LONGEST = 8_192;

/** Characters that go through in one second, and the line that begins before. */
const MOST_CHARACTERS = 200_000;

/** Characters that wait for the thread that writes them, and the line that begins before. */
const MOST_WAITING = 1_000_000;

/** Characters that a line counts for at least. */
const LINE = 200;

/** Milliseconds. */
const SECOND = 1_000;

/** The log of a thread, and what it has to be told. */
export interface BoundedLog extends Log {
  /** The first line that was sent and not taken in yet is now. */
  taken(): void;
}

/**
 * The log of a thread, whose lines wait for the thread that writes them: however many there are to say, and
 * however long that one is busy or hangs, they take little memory. Of each second the first 500 lines go
 * through, cut to 8 192 characters, and one that says how many more there were; fewer, when they come to
 * 200 000 characters, or when a million characters were sent that are not {@linkcode BoundedLog.taken} in.
 *
 * @param send sends a line to the thread that writes it
 */
export function boundedLog(
  send: (level: keyof Log, message: string) => void,
  clock: Pick<Clock, "elapsed" | "after">,
): BoundedLog {
  let since = -Infinity;
  let lines = 0;
  let characters = 0;
  let dropped = 0;
  let waiting = 0;
  /** What each line counts for that was sent and not taken in, the oldest first. */
  const sent: number[] = [];
  const post = (level: keyof Log, message: string): void => {
    const size = LINE + message.length;
    waiting += size;
    sent.push(size);
    send(level, message);
  };
  const tellDropped = (): void => {
    if (waiting >= MOST_WAITING) return void clock.after(SECOND, tellDropped);
    const count = dropped;
    dropped = 0;
    post("warn", `${count} lines of the log were dropped, since a thread had too much to say`);
  };
  const line = (level: keyof Log) => (message: string): void => {
    const now = clock.elapsed();
    if (now - since >= SECOND) [since, lines, characters] = [now, 0, 0];
    if (lines < MOST && characters < MOST_CHARACTERS && waiting < MOST_WAITING) {
      const cut = message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
      lines++;
      characters += cut.length;
      return post(level, cut);
    }
    if (dropped++ === 0) clock.after(since + SECOND - now, tellDropped);
  };
  return {
    ...{ debug: line("debug"), info: line("info"), warn: line("warn"), error: line("error") },
    taken: () => waiting -= sent.shift() ?? 0,
  };
}
