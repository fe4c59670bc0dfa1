/**
 * Names are bytes, and not all are UTF-8. Like Python's `surrogateescape` (PEP 383), a byte that is not
 * part of any character stands in a text as a lone surrogate, U+DC80 to U+DCFF, which no UTF-8 has: so
 * different names stay different, and each can be written back.
 *
 * @module
 */

/** A byte that stands for itself: with `u`, never half of a pair. */
const ODD_BYTE = /[\udc80-\udcff]/u;
const ODD_BYTES = /([\udc80-\udcff])/u;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes of U+FFFD, which a decoder also gives for what it cannot read. */
const REPLACEMENT = [0xef, 0xbf, 0xbd];

/**
 * Decodes percent-encoding, whatever bytes it stands for.
 *
 * @param text in which every `%` has two digits behind it
 * @returns the text, with odd bytes as lone surrogates
 */
export function decodeBytes(text: string): string {
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split("%"), (digits) => parseInt(digits, 16));
    let decoded = "";
    for (let i = 0; i < bytes.length;) {
      const character = bytes.subarray(i, i + lengthOf(bytes[i]!));
      const text = decoder.decode(character);
      if (isWhole(text, character)) {
        decoded += text;
        i += character.length;
      } else decoded += String.fromCharCode(0xdc00 + bytes[i++]!);
    }
    return decoded;
  });
}

/** Whether a text has odd bytes. */
export function hasOddBytes(text: string): boolean {
  return ODD_BYTE.test(text);
}

/**
 * Writes a text in other words, odd bytes by their value.
 *
 * @param text any text
 * @param character writes what lies between odd bytes
 * @param byte writes an odd byte, 0x80 to 0xff
 */
export function writeOddBytes(
  text: string,
  character: (part: string) => string,
  byte: (value: number) => string,
): string {
  return text.split(ODD_BYTES)
    .map((part, index) => index % 2 === 0 ? character(part) : byte(part.charCodeAt(0) - 0xdc00))
    .join("");
}

/**
 * Tells what a program makes of a name that cannot write odd bytes: U+FFFD where they are.
 *
 * @param name with odd bytes as lone surrogates
 */
export function lossyName(name: string): string {
  const bytes = name.split(ODD_BYTES).flatMap((part, index) =>
    index % 2 === 0 ? [...encoder.encode(part)] : [part.charCodeAt(0) - 0xdc00]
  );
  return decoder.decode(Uint8Array.from(bytes));
}

/** How many bytes a character has that begins with this one (RFC 3629 §3). */
function lengthOf(byte: number): number {
  return byte < 0xe0 ? (byte < 0xc0 ? 1 : 2) : byte < 0xf0 ? 3 : 4;
}

function isWhole(text: string, bytes: Uint8Array): boolean {
  if (text.length !== (bytes.length === 4 ? 2 : 1)) return false;
  if (text.length === 2) return !text.includes("\ufffd");
  return text !== "\ufffd" || REPLACEMENT.every((byte, index) => bytes[index] === byte);
}
