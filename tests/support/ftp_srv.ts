import { FtpSrv } from "ftp-srv";
import type { Certificate } from "./certificate.ts";
import { freePort } from "./free_port.ts";

/** What {@linkcode startFtpSrv} takes. */
export interface FtpSrvOptions {
  /** Directory to serve. */
  readonly root: string;
  /** Offers TLS: by `AUTH TLS`, or from the start. */
  readonly tls?: { readonly mode: "explicit" | "implicit"; readonly certificate: Certificate };
  /** Who may log in; default: everyone. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A running {@link https://www.npmjs.com/package/ftp-srv ftp-srv}. */
export interface FtpSrvServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts an FTP server of somebody else's make: without `MLSD`, with milliseconds in `MDTM`. */
export async function startFtpSrv({ root, tls, login }: FtpSrvOptions): Promise<FtpSrvServer> {
  const port = freePort();
  const scheme = tls?.mode === "implicit" ? "ftps" : "ftp";
  const quiet = { info() {}, error() {}, warn() {}, debug() {}, trace() {}, child: () => quiet };
  const server = new FtpSrv({
    url: `${scheme}://127.0.0.1:${port}`,
    pasv_url: "127.0.0.1",
    pasv_min: 20_000,
    anonymous: login === undefined,
    // deno-lint-ignore no-explicit-any -- the types of the library name another library here
    log: quiet as any,
    ...(tls ? { tls: { cert: tls.certificate.cert, key: tls.certificate.key } } : {}),
  });
  server.on("login", ({ username, password }, resolve, reject) => {
    if (!login || (username === login.user && password === login.password)) resolve({ root });
    else reject(new Error("Wrong password"));
  });
  await server.listen();
  return { port, [Symbol.asyncDispose]: async () => await server.close() };
}
