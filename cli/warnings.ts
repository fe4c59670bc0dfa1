import type { Output } from "./terminal/output.ts";

/** Warnings to show; the rest is counted. */
const SHOWN = 10;

/** Shows what went wrong without spoiling a scan, below its outcome. */
export function showWarnings(output: Output, warnings: readonly string[]): void {
  for (const warning of warnings.slice(0, SHOWN)) output.line(`  ∟ Warning: ${warning}`);
  const more = warnings.length - SHOWN;
  if (more > 0) output.line(`  ∟ ${more} more warnings are in the daemon's log`);
}
