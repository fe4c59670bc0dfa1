/** A document that cannot be understood, in a sentence for the operator. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
}
