import { PYTHON } from "../tools/install.ts";
import { type PortProcess, startPortProcess } from "./port_process.ts";

const PROGRAM = `
import base64, functools, http.server, sys

root, login = sys.argv[1], sys.argv[2]
wanted = "Basic " + base64.b64encode(login.encode()).decode() if login else None

class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def refused(self):
        if wanted is None or self.headers.get("Authorization") == wanted:
            return False
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return True
    def do_GET(self):
        if not self.refused():
            super().do_GET()
    def do_HEAD(self):
        if not self.refused():
            super().do_HEAD()

handler = functools.partial(Handler, directory=root)
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_address[1], flush=True)
server.serve_forever()
`;

/**
 * Starts Python's own HTTP server over a directory, with its listings: names, but no sizes or times.
 *
 * @param login who may read; default: everyone
 */
export function startPythonHttp(
  root: string,
  login?: { readonly user: string; readonly password: string },
): Promise<PortProcess> {
  const words = login ? `${login.user}:${login.password}` : "";
  return startPortProcess(
    "http.server",
    [PYTHON, "-W", "ignore", "-c", PROGRAM, root, words],
    "null",
  );
}
