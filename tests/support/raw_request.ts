import { Buffer } from "node:buffer";

/** An answer, as it came. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; several of one name stand in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** What is asked. */
export interface RawRequest {
  /** Default: GET. */
  readonly method?: string;
  /** Sent as it is: nothing is cleaned or encoded. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks on a connection of its own, without the cleaning that `fetch` does.
 *
 * @param address `127.0.0.1:8080`
 * @throws Error when there is no connection
 */
export async function askRaw(address: string, request: RawRequest): Promise<RawAnswer> {
  const [hostname = "", port] = address.split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const head = [
    `${request.method ?? "GET"} ${request.target} HTTP/1.1`,
    "Host: files.example.org",
    "Connection: close",
    ...Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
  ];
  await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`));
  const bytes = await new Response(connection.readable).arrayBuffer();
  return parse(Buffer.from(bytes).toString("latin1"));
}

/** @param text one character for each byte, in which lengths are counted */
function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [line = "", ...fields] = text.slice(0, end).split("\r\n");
  const headers = fields.map((field) => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
  });
  const body = text.slice(end + 4);
  const chunked = headers.some(([name, value]) =>
    name === "transfer-encoding" && value === "chunked"
  );
  const whole = Buffer.from(chunked ? unchunk(body) : body, "latin1").toString("utf8");
  return { status: Number(line.split(" ")[1]), headers, body: whole };
}

function unchunk(body: string): string {
  let joined = "";
  for (let rest = body;;) {
    const [head = "", size = ""] = /^([0-9a-f]+)\r\n/i.exec(rest) ?? [];
    const length = Number.parseInt(size, 16);
    if (!(length > 0)) return joined;
    joined += rest.slice(head.length, head.length + length);
    rest = rest.slice(head.length + length + 2);
  }
}
