import { PYTHON } from "../tools/install.ts";
import type { Certificate } from "./certificate.ts";

/** What {@linkcode startPyftpdlib} takes. */
export interface PyftpdlibOptions {
  /** Directory to serve. */
  readonly root: string;
  /** TLS: by `AUTH TLS`, which it insists on, or from the start; both for data, too. */
  readonly mode: "explicit" | "implicit";
  readonly certificate: Certificate;
}

/** A running {@link https://pypi.org/project/pyftpdlib/ pyftpdlib}. */
export interface PyftpdlibServer extends AsyncDisposable {
  readonly port: number;
}

const PROGRAM = `
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.servers import FTPServer

root, mode, certificate, key = sys.argv[1:]

class Explicit(TLS_FTPHandler):
    tls_control_required = True
    tls_data_required = True

class Implicit(TLS_FTPHandler):
    def handle(self):
        self.secure_connection(self.ssl_context)
    def handle_ssl_established(self):
        TLS_FTPHandler.handle(self)

handler = Implicit if mode == "implicit" else Explicit
handler.certfile, handler.keyfile = certificate, key
handler.authorizer = DummyAuthorizer()
handler.authorizer.add_anonymous(root)
server = FTPServer(("127.0.0.1", 0), handler)
print(server.address[1], flush=True)
server.serve_forever()
`;

/** Starts an FTP server of somebody else's make that speaks TLS, has `MLSD`, and tells whole seconds. */
export async function startPyftpdlib(options: PyftpdlibOptions): Promise<PyftpdlibServer> {
  const { root, mode, certificate } = options;
  const child = new Deno.Command(PYTHON, {
    args: ["-W", "ignore", "-c", PROGRAM, root, mode, certificate.file, certificate.keyFile],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stop = async (): Promise<void> => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await child.status;
  };
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value, done } = await lines.read();
  if (done) {
    await stop();
    throw new Error("pyftpdlib ended before it served");
  }
  return {
    port: Number(value),
    async [Symbol.asyncDispose]() {
      await stop();
      await lines.cancel();
    },
  };
}
