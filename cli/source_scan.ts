import type { SourceScanOutcome, SourceScanRequest } from "../lib/control/api/scan_schemas.ts";
import { ControlClientError } from "../lib/control/control_client_error.ts";
import type { CommandContext } from "./command.ts";
import { afterOthers } from "./mirror_scans.ts";

/**
 * Has the daemon index the source repository, and says on a line of its own how far it is.
 *
 * @param request what is to be done beside that
 * @param context of the command; Ctrl-C stops it in the daemon, too
 * @param patient whether a scan that is running is waited for; default: that is an error
 * @returns what came of it; `null`: it failed, and why was said
 */
export async function scanSource(
  request: SourceScanRequest,
  context: CommandContext,
  patient = false,
): Promise<SourceScanOutcome | null> {
  const { client, output } = context;
  const { ScanProgressLine } = await import("./scan_progress.ts");
  using interruption = context.interruption();
  const { signal } = interruption;
  const line = new ScanProgressLine("Refreshing the local repository... ", context);
  try {
    const onProgress = line.update.bind(line);
    const scan = () => client.scanSource(request, { signal, onProgress });
    const outcome = patient ? await afterOthers(scan, signal, context) : await scan();
    line.end("done");
    return outcome;
  } catch (error) {
    line.end("");
    if (signal.aborted) output.error("The scan was aborted");
    else if (error instanceof ControlClientError) output.error(error.message, error.hint);
    else throw error;
    return null;
  }
}
