import type { TransferTally } from "../../lib/daemon/store_copy.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { configAlone } from "../config_alone.ts";
import { DAEMON_FLAGS } from "../daemon_flags.ts";
import { stringFlag, UsageError } from "../flags.ts";
import { byteSize } from "../../lib/catalog/byte_size.ts";

/** Milliseconds between two lines of progress. */
const PROGRESS = 200;

/** Warnings that are shown at most. */
const MOST_WARNINGS = 20;

/** `store`: takes care of what the daemon keeps. */
export default defineCommand({
  name: "store",
  group: "server",
  usage: "copy -from URL -to URL | backup FILE | check [FILE]",
  summary: "Copy a store, back it up, look for damage",
  description: "copy: everything from one store to another, which must be empty. A URL is " +
    "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], rediss://… for an encrypted connection, or " +
    "the path of an embedded store. Stop the daemons of both stores first. A password may come " +
    "in MIRRORBITS_REDIS_PASSWORD instead, and the file of the certificates that rediss:// is " +
    "trusted by, in place of the system's, in MIRRORBITS_REDIS_TLS",
  details:
    "backup copies the embedded store to a new file as it is at one moment, while the daemon\n" +
    "goes on, and checks the copy; check reads the whole store, or such a file, and looks for\n" +
    "damage. Both need nothing but the right to read the database. A Redis has its own ways,\n" +
    "which they name. To restore a backup: help stores.",
  examples: [
    ["mirrorbits store backup /backup/mirrorbits-$(date +%F).db", "every night, by cron"],
    ["mirrorbits store check", "after trouble with the disk"],
  ],
  flags: {
    config: DAEMON_FLAGS.config,
    from: stringFlag("Store to read"),
    to: stringFlag("Store to fill"),
  },
  operands: [1, 2],
  completes: [["backup", "check", "copy"], "file"],
  run: async ({ flags: { config, from, to }, operands: [action, file] }, context) => {
    if (action === "backup" && file !== undefined) return await backup(config, file, context);
    if (action === "backup") throw new UsageError("Missing argument: FILE");
    if (action === "check") return await check(config, file ?? null, context);
    if (action !== "copy") throw new UsageError(`Unknown action: ${JSON.stringify(action)}`);
    if (file !== undefined) throw new UsageError(`Unexpected argument: ${JSON.stringify(file)}`);
    if (from === "" || to === "") throw new UsageError("Both -from and -to are needed");
    return await copy(from, to, context);
  },
});

async function backup(config: string, file: string, context: CommandContext): Promise<number> {
  const { output } = context;
  const { backUpStore } = await import("../../lib/daemon/store_care.ts");
  const { config: found } = await configAlone(config, context, "/");
  try {
    const outcome = await backUpStore(found, context.absolutePath(file));
    if (outcome.type === "redis") {
      output.error("The store is a Redis: nothing was written", outcome.hint);
      return 1;
    }
    output.line(`Copied and checked: ${outcome.path}, ${byteSize(outcome.size, 1)}, to ${file}`);
    return 0;
  } catch (error) {
    output.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function check(
  config: string,
  file: string | null,
  context: CommandContext,
): Promise<number> {
  const { output } = context;
  const { checkStore } = await import("../../lib/daemon/store_care.ts");
  const found = file === null ? (await configAlone(config, context, "/")).config : null;
  try {
    const outcome = await checkStore(found, file === null ? null : context.absolutePath(file));
    if (outcome.type === "redis") {
      output.error("The store is a Redis: nothing was checked", outcome.hint);
      return 1;
    }
    if (outcome.findings.length === 0) {
      output.line(`${outcome.path}: no damage was found`);
      return 0;
    }
    for (const finding of outcome.findings) output.error(`${outcome.path}: ${finding}`);
    output.errorLine("hint: Stop the daemon, keep a copy of the file, and restore a backup");
    return 1;
  } catch (error) {
    output.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function copy(from: string, to: string, context: CommandContext): Promise<number> {
  const { output, variable, now } = context;
  const { copyStores } = await import("../../lib/daemon/store_copy.ts");
  using interruption = context.interruption();
  let next = 0;
  let warnings = 0;
  const warn = (message: string): void => {
    if (warnings++ >= MOST_WARNINGS) return;
    output.replaceLine("");
    output.errorLine(`warning: ${message}`);
  };
  try {
    const copied = await copyStores({
      from,
      to,
      redisPassword: variable("MIRRORBITS_REDIS_PASSWORD") ?? "",
      redisCertificates: certificatesFile(variable("MIRRORBITS_REDIS_TLS") ?? ""),
      now,
      log: { debug: () => {}, info: () => {}, warn, error: () => {} },
      onStart: (source, target) => output.line(`Copying ${source} to ${target}`),
      onProgress: (phase, done) => {
        if (now() < next) return;
        next = now() + PROGRESS;
        const line = `${phase === "copying" ? "Copied" : "Checked"} ${describe(done)}`;
        output.replaceLine(line.slice(0, output.columns - 1));
      },
      signal: interruption.signal,
    });
    output.replaceLine("");
    if (warnings > MOST_WARNINGS) {
      output.errorLine(`warning: ${warnings - MOST_WARNINGS} more are not shown`);
    }
    output.line(`Copied and checked: ${describe(copied)}`);
    return 0;
  } catch (error) {
    output.replaceLine("");
    const stopped = interruption.signal.aborted;
    output.error(
      stopped ? "aborted" : error instanceof Error ? error.message : String(error),
      stopped ? "The target is filled by half: empty it before you copy again" : null,
    );
    return 1;
  }
}

/** The variable is that of a key that may say true or false as well. */
function certificatesFile(written: string): string {
  return /^(true|false|yes|no|on|off|y|n)$/i.test(written) ? "" : written;
}

function describe({ mirrors, files, copies, events, counters }: TransferTally): string {
  return `${mirrors} mirrors, ${files} files, ${copies} copies, ${events} events, ${counters} counters`;
}
