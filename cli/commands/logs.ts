import { defineCommand } from "../command.ts";
import { eventText } from "../../lib/catalog/event_text.ts";
import { booleanFlag, unsignedFlag } from "../flags.ts";
import { formatLogTime } from "../terminal/format_time.ts";
import { whoText } from "../who_text.ts";

/** `logs`: what happened to a mirror. */
export default defineCommand({
  name: "logs",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Print logs of a mirror",
  flags: {
    json: booleanFlag("Print the events as JSON"),
    l: unsignedFlag("Maximum number of logs to return", 500),
  },
  operands: [1, 1],
  completes: ["mirror"],
  examples: [["mirrorbits logs -l 20 example", "the newest 20 events"]],
  run: async ({ flags, operands: [name = ""] }, { client, output }) => {
    const { mirror } = await client.match(name);
    const events = await client.events(mirror.id, flags.l);
    if (flags.json) {
      output.json(events);
      return 0;
    }
    output.line(`Printing logs for ${mirror.name}:`);
    for (const event of events) {
      // One event is one line, whatever a mirror's server said.
      const text = eventText(event).replace(/\s*\n\s*/g, " ");
      await output.prose(`${formatLogTime(event.time)}: ${text}${whoText(event.by)}\n`, "    ");
    }
    return 0;
  },
});
