/** What {@linkcode startFtpSrv} takes. */
export interface FtpSrvOptions {
  /** Directory to serve. */
  readonly root: string;
  /** Who may log in; default: everyone. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** A running {@link https://www.npmjs.com/package/ftp-srv ftp-srv}. */
export interface FtpSrvServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts an FTP server of somebody else's make: without `MLSD`, with milliseconds in `MDTM`. It has a
 * process of its own: what it leaves open is not the test's.
 */
export async function startFtpSrv(options: FtpSrvOptions): Promise<FtpSrvServer> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-all", "--unstable-net"],
      new URL("ftp_srv_main.ts", import.meta.url).href,
      JSON.stringify(options),
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
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
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) {
      await stop();
      throw new Error("ftp-srv ended before it served");
    }
    text += value;
  }
  return {
    port: Number(text),
    async [Symbol.asyncDispose]() {
      await stop();
      await lines.cancel();
    },
  };
}
