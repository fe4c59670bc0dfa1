/** A server with a process of its own. */
export interface PortProcess extends AsyncDisposable {
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  readonly pid: number;
}

/**
 * Starts a server that chooses its port and prints it, and nothing else, on a line of its own.
 *
 * @param name for people
 * @param command the program and its arguments
 * @param stderr default: shown
 * @throws Error when it ends before it has said its port
 */
export async function startPortProcess(
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  stderr: "inherit" | "null" = "inherit",
): Promise<PortProcess> {
  const command = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr });
  const child = command.spawn();
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
      throw new Error(`${name} ended before it served`);
    }
    text += value;
  }
  return {
    port: Number(text),
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      await stop();
      await lines.cancel();
    },
  };
}
