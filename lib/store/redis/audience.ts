import type { SourceFile } from "../../catalog/file.ts";
import { UNHEARD } from "./script_parts.ts";

/** Paths whose files in the source, or whose copies on a mirror, changed. */
export type PathsChange =
  | {
    readonly type: "files";
    readonly paths: readonly string[];
    /** What they are now; a path without a file is gone. Absent: nobody knows. */
    readonly now?: readonly SourceFile[];
  }
  | { readonly type: "copies"; readonly mirrorId: number; readonly paths: readonly string[] };

/** Who hears on this node of what this node writes. */
export interface Audience {
  /** A channel that only this node's subscription listens to. */
  readonly ownChannel: string;
  /** Tells this node what changed. */
  readonly tell: (change: PathsChange) => void;
}

/** For writers on whose node nobody listens. */
export const NOBODY: Audience = { ownChannel: "_mirrorbits_nobody", tell: () => {} };

/**
 * Writes with a script that announces what it did, and tells this node where nobody else would hear.
 *
 * @param write what runs the script
 * @returns the answer of the script
 */
export async function writeAndTell(
  audience: Audience,
  change: () => PathsChange,
  write: () => Promise<unknown>,
): Promise<unknown> {
  // Where the answer is lost, nobody knows whether it was written, and whether it was published.
  let answer: unknown = UNHEARD;
  try {
    return answer = await write();
  } finally {
    if (answer === UNHEARD) audience.tell(change());
  }
}
