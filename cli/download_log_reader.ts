/** What a line of a download log says of a redirect. */
export interface LoggedRedirect {
  /** Address of the client; `null`: it is missing, or cut short. */
  readonly address: string | null;
  /** Decoded. */
  readonly path: string;
  /** Name of the mirror. */
  readonly mirror: string;
}

const LINE = / (?:REDIRECT 302|METALINK 200) GET "([^"]*)" ip:(\S+) mirror:(\S+)( fallback:true)? /;

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i;

/**
 * Reads a line of a download log, of this program's or the original's.
 *
 * @param line without its end
 * @returns `null` when it tells of no redirect to a mirror
 */
export function readLogLine(line: string): LoggedRedirect | null {
  const match = LINE.exec(line);
  if (match === null || match[4] !== undefined) return null;
  const [, path = "", address = "", mirror = ""] = match;
  return {
    address: ADDRESS.test(address) ? address : null,
    path: path.includes("\\") ? path.replace(/\\(?:x(..)|u(....))/g, decoded) : path,
    mirror,
  };
}

function decoded(_: string, two: string | undefined, four: string | undefined): string {
  return String.fromCharCode(parseInt(two ?? four ?? "", 16));
}

/**
 * Reads the redirects of a download log.
 *
 * @param chunks the file
 * @param onRedirect called for each
 */
export async function readDownloadLog(
  chunks: AsyncIterable<Uint8Array>,
  onRedirect: (redirect: LoggedRedirect) => void | Promise<void>,
): Promise<void> {
  const lines = new LineReader();
  for await (const chunk of chunks) {
    for (const line of lines.push(chunk)) {
      const redirect = readLogLine(line);
      if (redirect === null) continue;
      const waiting = onRedirect(redirect);
      if (waiting !== undefined) await waiting;
    }
  }
  for (const line of lines.end()) {
    const redirect = readLogLine(line);
    if (redirect !== null) await onRedirect(redirect);
  }
}

/** Characters of a line that counts; more of it is dropped. */
const LONGEST = 65_536;

/** Cuts a stream of text into lines. */
class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** Takes a piece of the stream. @returns the lines that it completes */
  push(chunk: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n");
    this.#rest = lines.pop()!.slice(0, LONGEST);
    return lines;
  }

  /** Takes the end of the stream. @returns the last line, if there is one */
  end(): string[] {
    const last = this.#rest + this.#decoder.decode();
    this.#rest = "";
    return last === "" ? [] : [last];
  }
}
