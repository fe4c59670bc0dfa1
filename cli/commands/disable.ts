import { minuteText } from "../../lib/catalog/downtime.ts";
import { defineCommand } from "../command.ts";
import { stringFlag, UsageError } from "../flags.ts";
import { readMoment } from "../read_moment.ts";

/** `disable`: keeps a mirror from serving requests, now or by the clock. */
export default defineCommand({
  name: "disable",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "Disable a mirror",
  description: "Disable a mirror, or plan a downtime of it",
  details: "A time is written 2026-12-01T02:00Z, 02:00 (the next, in UTC) or +2h.\n" +
    "After a downtime the mirror is scanned, and on again when that went well; else it is tried\n" +
    'every 10 minutes. "enable", or "disable" without a time, ends the plan.',
  flags: {
    from: stringFlag("When the downtime begins; without it: now"),
    reason: stringFlag("Why, for those who read list and logs"),
    until: stringFlag("When it ends; without it: when the mirror is enabled"),
  },
  operands: [1, 1],
  completes: ["mirror"],
  examples: [
    ["mirrorbits disable example", "keep it from serving"],
    ["mirrorbits disable -until +2h -reason 'new disks' example", "for two hours"],
    ["mirrorbits disable -from 02:00 -until 04:00 example", "tonight"],
  ],
  run: async ({ flags, operands: [name = ""] }, { client, output, now }) => {
    const { mirror } = await client.match(name);
    if (flags.from === "" && flags.until === "" && flags.reason === "") {
      await client.enable(mirror.id, false);
      output.line(`Mirror '${mirror.name}' disabled successfully`);
      return 0;
    }
    const time = now();
    const from = flags.from === "" ? null : readMoment(flags.from, time);
    let until = flags.until === "" ? null : readMoment(flags.until, time);
    // 22:00 to 02:00 ends on the next day.
    if (from !== null && until !== null && until <= from && /^\d+:/.test(flags.until)) {
      until += 86_400_000;
    }
    if (until !== null && until <= (from ?? time)) {
      throw new UsageError("-until must be later than -from, and than now");
    }
    await client.disable(mirror.id, {
      ...(from === null ? {} : { from: new Date(from).toISOString() }),
      ...(until === null ? {} : { until: new Date(until).toISOString() }),
      reason: flags.reason,
    });
    const begins = from === null || from <= time
      ? "is disabled"
      : `will be disabled at ${minuteText(from)}`;
    const ends = until === null ? "" : `, until ${minuteText(until)}`;
    output.line(`Mirror '${mirror.name}' ${begins}${ends}`);
    return 0;
  },
});
