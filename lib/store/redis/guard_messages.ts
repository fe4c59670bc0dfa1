import type { Redis } from "ioredis";

/** Bytes of a message at most: it is a path or a name. */
const LONGEST = 1024 * 1024;

/**
 * Watches a connection that is about to subscribe, and closes it as soon as something arrives there that
 * is neither a message, an answer to `SUBSCRIBE` or `PING`, nor an error: ioredis ends the whole process
 * over an empty list, or one that begins with nothing.
 */
export function guardMessages({ stream }: Pick<Redis, "stream">): void {
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...args: unknown[]) => boolean;
  // Each byte is a character: lengths count bytes.
  const decoder = new TextDecoder("latin1");
  let rest = "";
  stream.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event === "data") {
      const left = afterMessages(rest + decoder.decode(args[0] as Uint8Array));
      if (left === null || left.length > LONGEST) {
        stream.destroy(new Error("an answer that makes no sense"));
        return true;
      }
      rest = left;
    }
    return emit(event, ...args);
  };
}

/**
 * Skips what is whole at the beginning: lists of two or more that begin with two texts, and errors.
 *
 * @returns what is not whole yet; `null` when there is something else
 */
export function afterMessages(text: string): string | null {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf("\r\n", start);
    if (end < 0) break;
    const head = text.slice(start, end);
    let at = end + 2;
    if (!head.startsWith("-")) {
      if (!/^\*[2-9]$/.test(head)) return null;
      for (let part = 0; part < Number(head[1]); part++) {
        const line = text.indexOf("\r\n", at);
        if (line < 0) return text.slice(start);
        const length = /^\$(\d{1,9})$/.exec(text.slice(at, line))?.[1];
        if (length === undefined) {
          if (part < 2 || !/^:\d+$/.test(text.slice(at, line))) return null;
          at = line + 2;
        } else {
          at = line + 2 + Number(length) + 2;
          if (at > text.length) return text.slice(start);
        }
      }
    }
    start = at;
  }
  return text.slice(start);
}
