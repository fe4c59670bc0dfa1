import { readWeights } from "./weights.ts";

/** What kinds of content a client asks for by name. */
export interface Accepts {
  /** JSON, as tools do, and nothing more gladly. */
  readonly json: boolean;
  /** HTML, as browsers do; tools name nothing, or take anything. */
  readonly html: boolean;
}

const NOTHING: Accepts = { json: false, html: false };

/**
 * Reads what a client accepts (RFC 9110 §12.5.1). `application/json` is a wish for JSON unless its
 * weight is 0 or something else has a greater one; among equals JSON wins, as it always did.
 *
 * @param accept the client's header; `null` without it
 * @returns what it names
 */
export function readAccept(accept: string | null): Accepts {
  if (accept === null || accept === "*/*") return NOTHING;
  const weights = readWeights(accept);
  const json = weights.get("application/json") ?? 0;
  return {
    json: json > 0 && json >= Math.max(...weights.values()),
    html: (weights.get("text/html") ?? 0) > 0,
  };
}
