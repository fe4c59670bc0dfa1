import { eventText } from "../../lib/catalog/event_text.ts";
import type { EventJson } from "../../lib/control/api/event_schema.ts";
import { ControlClientError } from "../../lib/control/control_client_error.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { booleanFlag, unsignedFlag } from "../flags.ts";
import { newerThan } from "../newer_than.ts";
import { formatLogTime } from "../terminal/format_time.ts";
import { whoText } from "../who_text.ts";

/** Milliseconds between two looks. */
const PERIOD = 2_000;

/** Events of one mirror that are looked at each time: more hardly come in a period. */
const LOOKED_AT = 50;

/** An event, and whose it is. */
type MirrorEvent = EventJson & { readonly mirror: string };

/** `events`: what happened to all mirrors, and what happens. */
export default defineCommand({
  name: "events",
  group: "client",
  usage: "[OPTIONS]",
  summary: "Print what happened to all mirrors, and what happens",
  flags: {
    follow: booleanFlag("Go on with what happens, until it is interrupted"),
    json: booleanFlag("Print the events as JSON; with -follow one on each line"),
    l: unsignedFlag("Events of the past at most", 50),
  },
  operands: [0, 0],
  details: "The oldest come first. While the daemon is away, -follow waits for it.",
  examples: [
    ["mirrorbits events -follow", "watch what happens"],
    ["mirrorbits events -follow -json -l 0 | my-program", "have a program watch it"],
  ],
  run: async ({ flags: { follow, json, l } }, context) => {
    const { output } = context;
    const watch = new EventWatch(context);
    const past = await watch.look(Math.max(l, LOOKED_AT));
    const newest = l === 0 ? [] : past.slice(-l);
    if (json && !follow) {
      output.json(newest);
      return 0;
    }
    const print = async (event: MirrorEvent): Promise<void> =>
      json ? output.line(JSON.stringify(event)) : await output.prose(`${textOf(event)}\n`, "    ");
    for (const event of newest) await print(event);
    if (follow) await followOn(watch, print, context);
    return 0;
  },
});

/** One event is one line, whatever a mirror's server said. */
function textOf(event: MirrorEvent): string {
  const text = eventText(event).replace(/\s*\n\s*/g, " ");
  return `${formatLogTime(event.time)}: ${event.mirror}: ${text}${whoText(event.by)}`;
}

async function followOn(
  watch: EventWatch,
  print: (event: MirrorEvent) => Promise<void>,
  { output, interruption, delay }: CommandContext,
): Promise<void> {
  using stop = interruption();
  let away = false;
  while (!stop.signal.aborted && !output.closed) {
    await delay(PERIOD, stop.signal);
    if (stop.signal.aborted) return;
    try {
      for (const event of await watch.look(LOOKED_AT)) await print(event);
      away = false;
    } catch (error) {
      if (!(error instanceof ControlClientError)) throw error;
      // The daemon may be back soon.
      if (!away) output.error(error.message);
      away = true;
    }
  }
}

/** Knows which events were seen. */
class EventWatch {
  readonly #client: CommandContext["client"];
  /** The newest events of each mirror, by its ID. */
  readonly #seen = new Map<number, readonly EventJson[]>();
  /** What stands for them. */
  readonly #tags = new Map<number, string>();

  constructor({ client }: Pick<CommandContext, "client">) {
    this.#client = client;
  }

  /** @param most events of each mirror; @returns those that were not seen before, the oldest first */
  async look(most: number): Promise<MirrorEvent[]> {
    const fresh: MirrorEvent[] = [];
    for (const { id, name, tag, events } of await this.#client.newerEvents(this.#tags, most)) {
      const newer = newerThan(this.#seen.get(id) ?? [], events);
      this.#seen.set(id, events.slice(-LOOKED_AT));
      this.#tags.set(id, tag);
      for (const event of newer) fresh.push({ ...event, mirror: name });
    }
    return fresh.sort((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
  }
}
