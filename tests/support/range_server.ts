/** A mirror over HTTP that knows ranges, several of them in one request, too. */
export class RangeServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #directory: string;
  /** Path and range of each request, oldest first: `/a.iso bytes=0-99`. */
  readonly requests: string[] = [];
  /** Bytes of bodies that were sent. */
  sent = 0;
  /** Answers in place of the directory while it is set; `null`: the directory does. */
  answer: ((path: string) => Response | null) | null = null;

  /** Starts a server on a free port of 127.0.0.1. */
  constructor(directory: string) {
    this.#directory = directory;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#serve(request),
    );
  }

  /** Base URL with a trailing slash. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #serve({ url, headers, method }: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(url).pathname);
    const range = headers.get("range") ?? "";
    this.requests.push(`${path} ${range}`.trimEnd());
    const other = this.answer?.(path) ?? null;
    if (other !== null) return other;
    let bytes: Uint8Array<ArrayBuffer>;
    let time: Date | null;
    try {
      bytes = await Deno.readFile(this.#directory + path);
      time = (await Deno.stat(this.#directory + path)).mtime;
    } catch {
      return new Response("Not Found\n", { status: 404 });
    }
    const common = {
      "accept-ranges": "bytes",
      "last-modified": time?.toUTCString() ?? "",
      "content-type": "application/octet-stream",
    };
    const ranges = range === "" ? [] : rangesOf(range, bytes.length);
    if (ranges.length === 0) {
      const length = { "content-length": `${bytes.length}` };
      if (method === "HEAD") return new Response(null, { headers: { ...common, ...length } });
      this.sent += bytes.length;
      return new Response(bytes, { headers: { ...common, ...length } });
    }
    const parts = ranges.map(([from, to]) => bytes.subarray(from, to + 1));
    this.sent += parts.reduce((sum, part) => sum + part.length, 0);
    const where = ranges.map(([from, to]) => `bytes ${from}-${to}/${bytes.length}`);
    if (parts.length === 1) {
      return new Response(parts[0], {
        status: 206,
        headers: { ...common, "content-range": where[0]! },
      });
    }
    const body = new Blob([
      ...parts.flatMap((part, i) => [
        `\r\n--cut\r\nContent-Type: application/octet-stream\r\nContent-Range: ${where[i]}\r\n\r\n`,
        part,
      ]),
      "\r\n--cut--\r\n",
    ]);
    return new Response(await body.bytes(), {
      status: 206,
      headers: { ...common, "content-type": "multipart/byteranges; boundary=cut" },
    });
  }
}

/** First and last byte of each range; none for what is not understood. */
function rangesOf(header: string, size: number): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const each of header.replace("bytes=", "").split(",")) {
    const found = /^\s*(\d*)-(\d*)\s*$/.exec(each);
    if (found === null || found[1] + found[2]! === "") return [];
    const [, first, last] = found as unknown as [string, string, string];
    const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
    const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
    if (from > to) return [];
    ranges.push([from, to]);
  }
  return ranges;
}
