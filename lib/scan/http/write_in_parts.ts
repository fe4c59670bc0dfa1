import type { Breather } from "../breather.ts";

/** Characters that are read before others may have their turn. */
const PART = 16 * 1024;

/** Gives a page to a parser part by part, so that nobody waits for a long one. */
export async function writeInParts(
  text: string,
  parser: { readonly write: (part: string) => void },
  breather: Pick<Breather, "due" | "pause">,
): Promise<void> {
  for (let at = 0; at < text.length; at += PART) {
    parser.write(text.slice(at, at + PART));
    if (breather.due) await breather.pause();
  }
}
