import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import type { MirrorScanOutcome, MirrorScanRequest } from "../lib/control/api/scan_schemas.ts";
import { ControlClientError } from "../lib/control/control_client_error.ts";
import type { CommandContext } from "./command.ts";
import type { ScanProgressLine } from "./scan_progress.ts";
import { showWarnings } from "./warnings.ts";

/** Scans one mirror with a line that tells how far it is; the exit status. Ctrl-C stops the scan. */
export async function scanOne(
  mirror: MirrorJson,
  request: MirrorScanRequest,
  context: CommandContext,
): Promise<number> {
  return await alone(
    mirror,
    (line, signal) => scan(mirror, request, line, signal, context),
    context,
  );
}

/**
 * Has what rsync wrote into a file taken for the scan of a mirror; the exit status.
 *
 * @param path of the file; `-` is standard input
 * @param enable whether the mirror is enabled then
 */
export async function takeListing(
  mirror: MirrorJson,
  path: string,
  enable: boolean,
  context: CommandContext,
): Promise<number> {
  const { client, openFile } = context;
  const listing = await openFile(path);
  return await alone(mirror, async (line, signal) => {
    const onProgress = line.update.bind(line);
    const scanned = await client.takeListing(mirror.id, listing, { signal, onProgress });
    if (enable) await client.enable(mirror.id, true);
    return { ...scanned, enabled: enable };
  }, context);
}

/**
 * Scans mirrors one after the other, and goes on after an error that is the mirror's; the exit status.
 *
 * @param patient whether it waits where a scan is running that began before. Default: that is an error
 */
export async function scanAll(
  mirrors: readonly MirrorJson[],
  request: MirrorScanRequest,
  context: CommandContext,
  patient = false,
): Promise<number> {
  using interruption = context.interruption();
  const { signal } = interruption;
  let exitCode = 0;
  for (const mirror of mirrors) {
    const line = await startLine(mirror, context);
    try {
      const scanned = patient
        ? await afterOthers(() => scan(mirror, request, line, signal, context), signal, context)
        : await scan(mirror, request, line, signal, context);
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

/** Does one scan, and says on a line of its own how far it is and what came of it; the exit status. */
async function alone(
  mirror: MirrorJson,
  scanning: (line: ScanProgressLine, signal: AbortSignal) => Promise<MirrorScanOutcome>,
  context: CommandContext,
): Promise<number> {
  using interruption = context.interruption();
  const line = await startLine(mirror, context);
  try {
    showOutcome(line, await scanning(line, interruption.signal), context);
    return 0;
  } catch (error) {
    line.end("");
    context.output.errorLine(`scan error: ${why(error, interruption.signal)}`);
    return 1;
  }
}

/** Milliseconds between two looks whether a scan is still running. */
const PERIOD = 1000;

/** Does a scan once no other one is running that began before. */
export async function afterOthers<Outcome>(
  scan: () => Promise<Outcome>,
  signal: AbortSignal,
  { delay }: Pick<CommandContext, "delay">,
): Promise<Outcome> {
  for (;;) {
    try {
      return await scan();
    } catch (error) {
      const others = error instanceof ControlClientError && error.code === "scan_failed" &&
        error.message.endsWith("already in progress");
      if (!others || signal.aborted) throw error;
      await delay(PERIOD, signal);
    }
  }
}

async function startLine(
  { name }: MirrorJson,
  context: CommandContext,
): Promise<ScanProgressLine> {
  const { ScanProgressLine } = await import("./scan_progress.ts");
  return new ScanProgressLine(`Scanning ${name}... `, context);
}

async function scan(
  { id }: MirrorJson,
  request: MirrorScanRequest,
  line: ScanProgressLine,
  signal: AbortSignal,
  { client }: Pick<CommandContext, "client">,
): Promise<MirrorScanOutcome> {
  const onProgress = line.update.bind(line);
  return await client.scanMirror(id, request, { signal, onProgress });
}

/** What a wrong directory in a URL looks like. */
const NOTHING_KNOWN =
  "none of these files is in the repository: its URL may end at another directory";

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
  showWarnings(output, indexed > 0 && known === 0 ? [...warnings, NOTHING_KNOWN] : warnings);
  if (enabled) output.line("  ∟ Enabled");
}

/** Why a scan did not succeed; whatever is neither the daemon's word nor an interrupt goes on. */
function why(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "aborted";
  if (error instanceof ControlClientError) return error.message;
  throw error;
}
