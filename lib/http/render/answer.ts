import type { AnswerKind } from "../../stats/answer_kind.ts";
import type { Header } from "./headers.ts";
import type { WhyNobody } from "./why_nobody.ts";

/**
 * What is sent after the headers: text, bytes, or a stream of bytes that is not known beforehand.
 * A stream is sent as it is, neither tagged nor compressed.
 */
export type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * An answer as a renderer returns it: what it says, as a plain value. `respond()` turns it into the
 * Response that a client gets.
 */
export interface Answer {
  /** 200 to 599. */
  readonly status: number;
  /** In this order, names as standards write them; without those that `respond()` adds. */
  readonly headers: readonly Header[];
  /** `null`: there is none. */
  readonly body: Body | null;
  /**
   * Whether the body gets an entity tag, so that those who ask again and again are sent it once.
   */
  readonly tagged: boolean;
  /** Whether the body may be compressed where the operator allows it. */
  readonly compressible: boolean;
  /** What a refusal or a failure says, as text: a browser gets a page that says it. */
  readonly message?: string;
  /** Why nobody serves, where that is known: a page tells it in the reader's language. */
  readonly why?: WhyNobody;
  /** What it counts as where its status does not say that. Default: a file. */
  readonly counts?: AnswerKind;
}
