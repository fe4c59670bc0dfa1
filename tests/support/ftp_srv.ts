import { WITH_TEST_LOCK } from "../tools/test_lock.ts";
import { type PortProcess, startPortProcess } from "./port_process.ts";

/** What {@linkcode startFtpSrv} takes. */
export interface FtpSrvOptions {
  /** Directory to serve. */
  readonly root: string;
  /** Who may log in; default: everyone. */
  readonly login?: { readonly user: string; readonly password: string };
}

/**
 * Starts {@link https://www.npmjs.com/package/ftp-srv ftp-srv}, somebody else's FTP server: without `MLSD`, with milliseconds in `MDTM`. It has a
 * process of its own: what it leaves open is not the test's.
 */
export function startFtpSrv(options: FtpSrvOptions): Promise<PortProcess> {
  return startPortProcess("ftp-srv", [
    Deno.execPath(),
    ...["run", "--quiet", "--allow-all", "--unstable-net", WITH_TEST_LOCK],
    new URL("ftp_srv_main.ts", import.meta.url).href,
    JSON.stringify(options),
  ]);
}
