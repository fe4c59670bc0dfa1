/**
 * What is used of `@std/bytes`. Where JSR can be reached, this line of deno.json puts the real one in:
 * `"@std/bytes": "jsr:@std/bytes@1"`.
 *
 * @module
 */

/** Puts arrays of bytes into a new one, in their order. */
export function concat(buffers: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(buffers.reduce((sum, buffer) => sum + buffer.length, 0));
  let at = 0;
  for (const buffer of buffers) {
    bytes.set(buffer, at);
    at += buffer.length;
  }
  return bytes;
}
