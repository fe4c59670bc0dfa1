import { acceptsEncodings } from "@std/http/negotiation";
import { type Accepts, readAccept } from "./accepts.ts";

/** A way to compress an answer, as it is called in headers. */
export type Encoding = typeof ENCODINGS[number];

/** The best first: of those that a client takes equally gladly, that one is taken. */
const ENCODINGS = ["br", "gzip"] as const;

/** In which form somebody wants an answer: what the headers say, each read once, when it matters. */
export class Wishes {
  readonly method: string;
  readonly headers: Headers;
  #accepts: Accepts | undefined;
  #encoding: Encoding | null | undefined;

  /** @param request method and headers of a request */
  constructor({ method, headers }: Pick<Request, "method" | "headers">) {
    this.method = method;
    this.headers = headers;
  }

  /** Kinds of content that are asked for. */
  get accepts(): Accepts {
    // By its name in lower case, the runtime would put the names of all headers in lower case once more.
    return this.#accepts ??= readAccept(this.headers.get("Accept"));
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
