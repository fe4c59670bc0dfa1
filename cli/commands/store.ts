import type { TransferTally } from "../../lib/daemon/store_copy.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { stringFlag, UsageError } from "../flags.ts";

/** Milliseconds between two lines of progress. */
const PROGRESS = 200;

/** `store`: moves everything from one store to another. */
export default defineCommand({
  name: "store",
  group: "server",
  usage: "copy -from URL -to URL",
  summary: "Copy everything from one store to another",
  description: "Copy everything from one store to another, which must be empty. A URL is " +
    "redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE], rediss://… for an encrypted connection, or " +
    "the path of an embedded store. Stop the daemons of both stores first. A password may come " +
    "in MIRRORBITS_REDIS_PASSWORD instead, and the file of the certificates that rediss:// is " +
    "trusted by, in place of the system's, in MIRRORBITS_REDIS_TLS",
  flags: {
    from: stringFlag("Store to read"),
    to: stringFlag("Store to fill"),
  },
  operands: [1, 1],
  run: async ({ flags: { from, to }, operands: [action] }, context) => {
    if (action !== "copy") throw new UsageError(`Unknown action: ${JSON.stringify(action)}`);
    if (from === "" || to === "") throw new UsageError("Both -from and -to are needed");
    return await copy(from, to, context);
  },
});

async function copy(from: string, to: string, context: CommandContext): Promise<number> {
  const { output, variable, now } = context;
  const { copyStores } = await import("../../lib/daemon/store_copy.ts");
  using interruption = context.interruption();
  let next = 0;
  try {
    const copied = await copyStores({
      from,
      to,
      redisPassword: variable("MIRRORBITS_REDIS_PASSWORD") ?? "",
      redisCertificates: certificatesFile(variable("MIRRORBITS_REDIS_TLS") ?? ""),
      now,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
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
