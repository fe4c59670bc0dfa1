import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag, fileFlag, unsignedFlag, UsageError } from "../flags.ts";
import { scanAll, scanOne, takeListing } from "../mirror_scans.ts";

/** `scan`: learns now what a mirror carries. */
export default defineCommand({
  name: "scan",
  group: "client",
  usage: "[IDENTIFIER]",
  summary: "(Re-)Scan a mirror",
  flags: {
    all: booleanFlag("Scan all mirrors at once"),
    enable: booleanFlag("Enable the mirror automatically if the scan is successful"),
    from: fileFlag("Take what rsync listed elsewhere for the scan; - is standard input"),
    ftp: booleanFlag("Force a scan using FTP"),
    full: booleanFlag("Over HTTP: look at everything, not at what changed"),
    http: booleanFlag("Force a scan over HTTP"),
    rsync: booleanFlag("Force a scan using rsync"),
    timeout: unsignedFlag("Timeout in seconds"),
  },
  operands: [0, 1],
  completes: ["mirror"],
  details:
    "By rsync, by FTP if that fails, and over HTTP where there is neither (HTTPScan). Ctrl-C stops the scan in the daemon, too.\n" +
    "With -from nobody is asked: the listing is one that rsync wrote where the mirror can be reached, and\n" +
    "counts wholly or not at all.",
  examples: [
    ["mirrorbits scan -enable example", "the first scan of a new mirror"],
    ["mirrorbits scan -all -timeout 600", "all mirrors, ten minutes each at most"],
    [
      "TZ=UTC LC_ALL=C rsync --no-motd -r rsync://cache.lan/pub/ > listing.txt",
      "where the mirror can be reached: what it has",
    ],
    ["mirrorbits scan -from listing.txt cache", "what was listed there"],
  ],
  run: async ({ flags, operands: [name] }, context) => {
    if (flags.all && name !== undefined) throw new UsageError("-all takes no IDENTIFIER");
    if (!flags.all && name === undefined) throw new UsageError("Missing argument: IDENTIFIER");
    const forced = (["rsync", "ftp", "http"] as const).filter((protocol) => flags[protocol]);
    if (forced.length > 1) {
      throw new UsageError(`-${forced[0]} and -${forced[1]} exclude each other`);
    }
    const { from } = flags;
    const other = (["all", "full", "ftp", "http", "rsync", "timeout"] as const)
      .find((flag) => flags[flag]);
    if (from !== "" && other !== undefined) {
      throw new UsageError(`-from and -${other} exclude each other`);
    }
    const { client } = context;
    const all = async (): Promise<MirrorJson[]> =>
      (await client.list()).filter(({ wholeTree }) => !wholeTree);
    const mirrors = name === undefined ? await all() : [(await client.match(name)).mirror];
    const request = {
      protocol: forced[0] ?? null,
      full: flags.full,
      enable: flags.enable,
      timeout: flags.timeout === 0 ? null : flags.timeout,
    } as const;
    if (from !== "") return await takeListing(mirrors[0]!, from, flags.enable, context);
    return flags.all
      ? await scanAll(mirrors, request, context)
      : await scanOne(mirrors[0]!, request, context);
  },
});
