import { defineCommand } from "../command.ts";
import { booleanFlag, unsignedFlag, UsageError } from "../flags.ts";
import { scanAll, scanOne } from "../mirror_scans.ts";

/** `scan`: learns now what a mirror carries. */
export default defineCommand({
  name: "scan",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "(Re-)Scan a mirror",
  flags: {
    all: booleanFlag("Scan all mirrors at once"),
    enable: booleanFlag("Enable the mirror automatically if the scan is successful"),
    ftp: booleanFlag("Force a scan using FTP"),
    full: booleanFlag("Over HTTP: look at everything, not at what changed"),
    http: booleanFlag("Force a scan over HTTP"),
    rsync: booleanFlag("Force a scan using rsync"),
    timeout: unsignedFlag("Timeout in seconds"),
  },
  operands: [0, 1],
  completes: ["mirror"],
  details:
    "By rsync, by FTP if that fails, and over HTTP where there is neither (HTTPScan). Ctrl-C stops the scan in the daemon, too.",
  examples: [
    ["mirrorbits scan -enable example", "the first scan of a new mirror"],
    ["mirrorbits scan -all -timeout 600", "all mirrors, ten minutes each at most"],
  ],
  run: async ({ flags, operands: [name] }, context) => {
    if (flags.all && name !== undefined) throw new UsageError("-all takes no IDENTIFIER");
    if (!flags.all && name === undefined) throw new UsageError("Missing argument: IDENTIFIER");
    const forced = (["rsync", "ftp", "http"] as const).filter((protocol) => flags[protocol]);
    if (forced.length > 1) {
      throw new UsageError(`-${forced[0]} and -${forced[1]} exclude each other`);
    }
    const { client } = context;
    const mirrors = name === undefined ? await client.list() : [(await client.match(name)).mirror];
    const request = {
      protocol: forced[0] ?? null,
      full: flags.full,
      enable: flags.enable,
      timeout: flags.timeout === 0 ? null : flags.timeout,
    } as const;
    return flags.all
      ? await scanAll(mirrors, request, context)
      : await scanOne(mirrors[0]!, request, context);
  },
});
