import { makeCertificate } from "./certificate.ts";
import { tempDir } from "./temp_dir.ts";

/** A TLS listener that passes everything to a plain TCP port. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
  /** PEM file of the certificate that clients must trust. */
  readonly certificateFile: string;
}

/** Listens with TLS on a free port of 127.0.0.1. @param hosts names that its certificate is for, too */
export async function tlsFront(
  target: number,
  hosts: readonly string[] = [],
): Promise<TlsFront> {
  const directory = await tempDir();
  const { cert, key, file } = await makeCertificate(directory.path, hosts);
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const connections: Promise<unknown>[] = [];
  const accepting = (async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
      connections.push(
        client.readable.pipeTo(server.writable).catch(() => {}),
        server.readable.pipeTo(client.writable).catch(() => {}),
      );
    }
  })();
  return {
    port: listener.addr.port,
    certificateFile: file,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(connections);
      await directory[Symbol.asyncDispose]();
    },
  };
}
