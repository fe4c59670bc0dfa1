import { ControlClientError } from "../lib/control/control_client_error.ts";
import type { MirrorJson } from "../lib/control/api/mirror_schemas.ts";
import type { CommandContext } from "./command.ts";

/**
 * Says that a mirror was changed while the user looked at it, and how, on standard error.
 *
 * @param error what the daemon said to a change that is based on `seen`
 * @param seen the mirror as the user knew it
 * @param hint what to do; `null`: nothing to add
 * @returns whether that was the trouble; else nothing was said
 */
export async function showMeanwhile(
  error: unknown,
  seen: MirrorJson,
  hint: string | null,
  { output }: Pick<CommandContext, "output">,
): Promise<boolean> {
  if (!(error instanceof ControlClientError) || error.code !== "changed") return false;
  output.error(error.message, hint);
  const { mirror } = error.detail;
  if (mirror) {
    const { differences, formatDifference } = await import("./mirror_document.ts");
    output.errorWrite(formatDifference(seen, differences(seen, mirror)));
  }
  return true;
}
