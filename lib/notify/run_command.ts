import type { CommandReceiver } from "../config/notify_receiver.ts";
import type { NoticeJson } from "./notice.ts";

/** What a program needs that is told something. */
export interface RunCommandOptions {
  readonly receiver: Pick<CommandReceiver, "run">;
  /** ID of the message. */
  readonly id: string;
  readonly body: NoticeJson;
  /** Where programs are that it runs itself: a list of directories. */
  readonly path: string;
  /** Ends the program. */
  readonly signal: AbortSignal;
}

/**
 * Runs a program with a notice on its standard input, as JSON in one line. Of the environment it gets
 * `PATH`, and the ID of the message as `MIRRORBITS_DELIVERY`; what it writes is dropped.
 *
 * @returns how it ended: `exit code 0`
 * @throws Error when it cannot be run, or ends with another exit code
 */
export async function runCommand(
  { receiver: { run: [program, ...args] }, id, body, path, signal }: RunCommandOptions,
): Promise<string> {
  const child = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: { PATH: path, MIRRORBITS_DELIVERY: id },
    ...{ stdin: "piped", stdout: "null", stderr: "null" },
  }).spawn();
  const kill = (): void => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  signal.addEventListener("abort", kill);
  try {
    if (signal.aborted) kill();
    await write(child.stdin, `${JSON.stringify(body)}\n`);
    const { code, signal: by } = await child.status;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(by === null ? `exit code ${code}` : `it was ended by ${by}`);
    return "exit code 0";
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** A program need not read what it gets. */
async function write(stdin: WritableStream<Uint8Array>, text: string): Promise<void> {
  try {
    const writer = stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
