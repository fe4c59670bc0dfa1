/** A proxy on loopback through which every host is one server. */
export interface ConnectProxy extends AsyncDisposable {
  /** `http://127.0.0.1:3128`. */
  readonly url: string;
  /** Whom it was to connect to, such as `example.org:443`. */
  readonly asked: ReadonlySet<string>;
}

/** Starts a proxy that knows CONNECT only. @param target port on 127.0.0.1 that stands for all hosts */
export function connectProxy(target: number): ConnectProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked = new Set<string>();
  const connections: Promise<unknown>[] = [];
  const serve = async (client: Deno.TcpConn): Promise<void> => {
    const head = await readHead(client);
    const [, host] = /^CONNECT (\S+) HTTP/.exec(head) ?? [];
    if (host === undefined) return client.close();
    asked.add(host);
    const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
    await client.write(new TextEncoder().encode("HTTP/1.1 200 Connected\r\n\r\n"));
    await Promise.all([
      client.readable.pipeTo(server.writable).catch(() => {}),
      server.readable.pipeTo(client.writable).catch(() => {}),
    ]);
  };
  const accepting = (async () => {
    for await (const client of listener) connections.push(serve(client));
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(connections);
    },
  };
}

/** Reads up to the empty line, after which a client waits. */
async function readHead(client: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    const count = await client.read(buffer);
    if (count === null) break;
    head += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
  return head;
}
