import { ControlClientError } from "../lib/control/control_client_error.ts";
import type { CommandContext } from "./command.ts";
import { clockTime } from "./terminal/format_time.ts";

/** Milliseconds between two pictures. */
const PERIOD = 2_000;

/** What is shown at one moment: lines without their ends, of which those of the foot are never cut off. */
export interface Picture {
  readonly lines: readonly string[];
  readonly foot: readonly string[];
}

/**
 * Shows how something is, over and over, until the user interrupts it.
 *
 * @param title what stands above
 * @param draw makes a picture of lines that `Output.paint()` gave
 */
export async function watchScreen(
  title: string,
  draw: () => Promise<Picture>,
  { output, interruption, delay, now }: CommandContext,
): Promise<void> {
  using stop = interruption();
  using screen = output.screen();
  let picture: Picture = { lines: [], foot: [] };
  while (!stop.signal.aborted) {
    let trouble: readonly string[] = [];
    try {
      picture = await draw();
    } catch (error) {
      if (!(error instanceof ControlClientError)) throw error;
      // What was known stays: the daemon may be back soon.
      trouble = [output.paint(`error: ${error.message}`, "bad")];
    }
    const time = clockTime(new Date(now()).toISOString());
    const head = output.paint(`${title}  ${time}  (Ctrl-C ends it)`, "dim");
    const foot = [...picture.foot, ...trouble];
    screen.show([head, "", ...fitting(picture.lines, output.rows - foot.length - 3), "", ...foot]);
    await delay(PERIOD, stop.signal);
  }
}

/** The first lines that fit, and how many do not. */
function fitting(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  const shown = Math.max(0, room - 1);
  return [...lines.slice(0, shown), `… ${lines.length - shown} more`];
}
