/**
 * Serves FTP with ftp-srv until it is killed. Started by ftp_srv.ts with its options as JSON; the port
 * is written to stdout once it serves.
 *
 * @module
 */
import { FtpSrv } from "ftp-srv";
import { freePort } from "./free_port.ts";
import type { FtpSrvOptions } from "./ftp_srv.ts";

const { root, login } = JSON.parse(Deno.args[0]!) as FtpSrvOptions;
const port = freePort();
const quiet = { info() {}, error() {}, warn() {}, debug() {}, trace() {}, child: () => quiet };
const server = new FtpSrv({
  url: `ftp://127.0.0.1:${port}`,
  pasv_url: "127.0.0.1",
  pasv_min: 20_000,
  anonymous: login === undefined,
  // deno-lint-ignore no-explicit-any -- the types of the library name another library here
  log: quiet as any,
});
server.on("login", ({ username, password }, resolve, reject) => {
  if (!login || (username === login.user && password === login.password)) resolve({ root });
  else reject(new Error("Wrong password"));
});
await server.listen();
await Deno.stdout.write(new TextEncoder().encode(`${port}\n`));
