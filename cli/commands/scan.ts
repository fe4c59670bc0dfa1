import { ControlClientError } from "../../lib/control/control_client_error.ts";
import type { MirrorJson } from "../../lib/control/api/mirror_schemas.ts";
import type { MirrorScanOutcome, MirrorScanRequest } from "../../lib/control/api/scan_schemas.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { booleanFlag, unsignedFlag, UsageError } from "../flags.ts";
import type { ScanProgressLine } from "../scan_progress.ts";
import { showWarnings } from "../warnings.ts";

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

async function scanOne(
  mirror: MirrorJson,
  request: MirrorScanRequest,
  context: CommandContext,
): Promise<number> {
  using interruption = context.interruption();
  const line = await startLine(mirror, context);
  try {
    const scanned = await scan(mirror, request, line, interruption.signal, context);
    showOutcome(line, scanned, context);
    return 0;
  } catch (error) {
    line.end("");
    context.output.errorLine(`scan error: ${why(error, interruption.signal)}`);
    return 1;
  }
}

/** Scans mirrors one after the other, and goes on after an error that is the mirror's. */
async function scanAll(
  mirrors: readonly MirrorJson[],
  request: MirrorScanRequest,
  context: CommandContext,
): Promise<number> {
  using interruption = context.interruption();
  let exitCode = 0;
  for (const mirror of mirrors) {
    const line = await startLine(mirror, context);
    try {
      const scanned = await scan(mirror, request, line, interruption.signal, context);
      showOutcome(line, scanned, context);
    } catch (error) {
      line.end(`scan error: ${why(error, interruption.signal)}`);
      exitCode = 1;
      const scansMayFollow = error instanceof ControlClientError &&
        ["scan_failed", "not_found"].includes(error.code);
      if (!scansMayFollow) break;
    }
  }
  return exitCode;
}

async function startLine(
  { name }: MirrorJson,
  context: CommandContext,
): Promise<ScanProgressLine> {
  const { ScanProgressLine } = await import("../scan_progress.ts");
  return new ScanProgressLine(`Scanning ${name}... `, context);
}

async function scan(
  { id }: MirrorJson,
  request: MirrorScanRequest,
  line: ScanProgressLine,
  signal: AbortSignal,
  { client }: CommandContext,
): Promise<MirrorScanOutcome> {
  const onProgress = line.update.bind(line);
  return await client.scanMirror(id, request, { signal, onProgress });
}

function showOutcome(
  line: ScanProgressLine,
  { indexed, known, removed, timeZoneOffset, warnings, enabled }: MirrorScanOutcome,
  { output }: CommandContext,
): void {
  line.end(`${indexed} files indexed, ${known} known and ${removed} removed`);
  if (timeZoneOffset !== 0) {
    const offset = `${timeZoneOffset} milliseconds`;
    output.line(`  ∟ Timezone offset detected and corrected: ${offset}`);
  }
  showWarnings(output, warnings);
  if (enabled) output.line("  ∟ Enabled");
}

/** Why a scan did not succeed; whatever is neither the daemon's word nor an interrupt goes on. */
function why(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "aborted";
  if (error instanceof ControlClientError) return error.message;
  throw error;
}
