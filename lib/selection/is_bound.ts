import type { Trees } from "./tree.ts";

/** Whether a name is bound to a revision of a metadata set. */
export function isBound(trees: Trees | null, path: string): boolean {
  return trees?.of(path)?.set?.isStable(path) ?? false;
}
