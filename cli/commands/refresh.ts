import { ControlClientError } from "../../lib/control/control_client_error.ts";
import { defineCommand } from "../command.ts";
import { booleanFlag } from "../flags.ts";
import { ScanProgressLine } from "../scan_progress.ts";
import { showWarnings } from "../warnings.ts";

/** `refresh`: indexes the source repository now. */
export default defineCommand({
  name: "refresh",
  group: "client",
  usage: "",
  summary: "Refresh the local repository",
  description: "Scan the local repository",
  flags: {
    force: booleanFlag("Accept an empty repository, which forgets every file"),
    rehash: booleanFlag("Force a rehash of the files"),
  },
  operands: [0, 0],
  details: "Reads the files that are new or have changed. Ctrl-C stops it in the daemon, too.",
  examples: [
    ["mirrorbits refresh", "after new files were published"],
    ["mirrorbits refresh -rehash", "read every file again"],
  ],
  run: async ({ flags: { force, rehash } }, context) => {
    const { client, output } = context;
    using interruption = context.interruption();
    const { signal } = interruption;
    const line = new ScanProgressLine("Refreshing the local repository... ", context);
    try {
      const onProgress = line.update.bind(line);
      const { warnings } = await client.scanSource({ force, rehash }, { signal, onProgress });
      line.end("done");
      showWarnings(output, warnings);
      return 0;
    } catch (error) {
      line.end("");
      if (signal.aborted) output.error("The scan was aborted");
      else if (error instanceof ControlClientError) output.error(error.message, error.hint);
      else throw error;
      return 1;
    }
  },
});
