import { acceptsEncodings } from "@std/http/negotiation";
import { readWeights } from "./weights.ts";

/** A way to compress an answer, as it is called in headers. */
export type Encoding = typeof ENCODINGS[number];

/** The best first: of those that a client takes equally gladly, that one is taken. */
const ENCODINGS = ["br", "gzip"] as const;

/** In which form somebody wants an answer: what the headers say, each read once, when it matters. */
export class Wishes {
  readonly method: string;
  readonly headers: Headers;
  #accept: string | null | undefined;
  #accepts: Accepts | undefined;
  #encoding: Encoding | null | undefined;

  /** @param request method and headers of a request */
  constructor({ method, headers }: Pick<Request, "method" | "headers">) {
    this.method = method;
    this.headers = headers;
  }

  /** The header of the kinds of content; `null`: it is not there. */
  get accept(): string | null {
    // By its name in lower case, the runtime would put the names of all headers in lower case once more.
    if (this.#accept === undefined) this.#accept = this.headers.get("Accept");
    return this.#accept;
  }

  /** Kinds of content that are asked for. */
  get accepts(): Accepts {
    return this.#accepts ??= readAccept(this.accept);
  }

  /** How the answer may be compressed; `null`: not at all. */
  get encoding(): Encoding | null {
    if (this.#encoding === undefined) {
      const chosen = acceptsEncodings(this, ...ENCODINGS);
      this.#encoding = ENCODINGS.find((encoding) => encoding === chosen) ?? null;
    }
    return this.#encoding;
  }
}

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
