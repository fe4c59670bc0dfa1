import { PYTHON } from "../tools/install.ts";
import type { Certificate } from "./certificate.ts";
import { type PortProcess, startPortProcess } from "./port_process.ts";

/** What {@linkcode startPyftpdlib} takes. */
export interface PyftpdlibOptions {
  /** Directory to serve. */
  readonly root: string;
  /** TLS: by `AUTH TLS`, which it insists on, or from the start; both for data, too. Default: none. */
  readonly tls?: { readonly mode: "explicit" | "implicit"; readonly certificate: Certificate };
  /** Whether it has `MLSD`. Default: yes. */
  readonly machineListings?: boolean;
  /** Who may log in. Default: everyone. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Started by root it serves as nobody, who may not read everything. */
  readonly unprivileged?: boolean;
}

const PROGRAM = `
import json, os, sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

options = json.loads(sys.argv[1])
# It returns to its working directory after each command, which nobody may be unable to enter.
os.chdir("/")
if "tls" in options:
    from pyftpdlib.handlers import TLS_FTPHandler

    class Explicit(TLS_FTPHandler):
        tls_control_required = True
        tls_data_required = True

    class Implicit(TLS_FTPHandler):
        def handle(self):
            self.secure_connection(self.ssl_context)
        def handle_ssl_established(self):
            TLS_FTPHandler.handle(self)

    handler = Implicit if options["tls"]["mode"] == "implicit" else Explicit
    handler.certfile = options["tls"]["certificate"]["file"]
    handler.keyfile = options["tls"]["certificate"]["keyFile"]
else:
    class handler(FTPHandler):
        pass
if not options.get("machineListings", True):
    handler.proto_cmds = dict(handler.proto_cmds)
    del handler.proto_cmds["MLSD"], handler.proto_cmds["MLST"]
handler.auth_failed_timeout = 0
handler.authorizer = DummyAuthorizer()
login = options.get("login")
if login:
    handler.authorizer.add_user(login["user"], login["password"], options["root"])
else:
    handler.authorizer.add_anonymous(options["root"])
server = FTPServer(("127.0.0.1", 0), handler)
if options.get("unprivileged") and os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print(server.address[1], flush=True)
server.serve_forever()
`;

/**
 * Starts {@link https://pypi.org/project/pyftpdlib/ pyftpdlib}, somebody else's FTP server that speaks
 * TLS, has `MLSD`, and tells whole seconds.
 */
export function startPyftpdlib(options: PyftpdlibOptions): Promise<PortProcess> {
  const command = [PYTHON, "-W", "ignore", "-c", PROGRAM, JSON.stringify(options)] as const;
  // It tells of each session on standard error.
  return startPortProcess("pyftpdlib", command, "null");
}
