import { PYTHON } from "../tools/install.ts";
import type { Certificate } from "./certificate.ts";
import { type PortProcess, startPortProcess } from "./port_process.ts";

/** What {@linkcode startPyftpdlib} takes. */
export interface PyftpdlibOptions {
  /** Directory to serve. */
  readonly root: string;
  /** TLS: by `AUTH TLS`, which it insists on, or from the start; both for data, too. */
  readonly mode: "explicit" | "implicit";
  readonly certificate: Certificate;
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

/**
 * Starts {@link https://pypi.org/project/pyftpdlib/ pyftpdlib}, somebody else's FTP server that speaks
 * TLS, has `MLSD`, and tells whole seconds.
 */
export function startPyftpdlib(options: PyftpdlibOptions): Promise<PortProcess> {
  const { root, mode, certificate } = options;
  const args = [root, mode, certificate.file, certificate.keyFile];
  // It tells of each session on standard error.
  return startPortProcess("pyftpdlib", [PYTHON, "-W", "ignore", "-c", PROGRAM, ...args], "null");
}
