import { editText } from "./editor.ts";
import type { Environment, Interruption } from "./environment.ts";
import { LineReader } from "./line_reader.ts";
import { Output } from "./output.ts";
import type { TextWriter } from "./output.ts";
import { typedSecret } from "./secret.ts";

/** The real world around the program. */
export function denoEnvironment(): Environment {
  const colour = !Deno.env.get("NO_COLOR");
  const reader = new LineReader((buffer) => Deno.stdin.read(buffer));
  const stderr = textWriter(Deno.stderr);
  return {
    output: new Output(textWriter(Deno.stdout), stderr, { colour }),
    inputIsTerminal: Deno.stdin.isTerminal(),
    readLine: () => reader.readLine(),
    readSecret: async (prompt) => {
      if (!Deno.stdin.isTerminal()) return await reader.readLine();
      stderr.write(prompt);
      Deno.stdin.setRaw(true);
      try {
        return await typedSecret(terminalChunks());
      } finally {
        Deno.stdin.setRaw(false);
        stderr.write("\n");
      }
    },
    variable: (name) => Deno.env.get(name),
    fetch: globalThis.fetch,
    bypassProxy,
    interruption,
    edit: (text) => editText(text, Deno.env.get("EDITOR") ?? ""),
    now: Date.now,
    runDaemon: async (options) => (await import("../lib/daemon.ts")).runDaemon(options),
  };
}

function textWriter(stream: typeof Deno.stdout): TextWriter {
  const encoder = new TextEncoder();
  let closed = false;
  return {
    isTerminal: stream.isTerminal(),
    write(text) {
      let bytes = encoder.encode(text);
      try {
        while (!closed && bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
      } catch (error) {
        // Whoever read has seen enough: `mirrorbits list | head`.
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        closed = true;
      }
    },
  };
}

async function* terminalChunks(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  for (let count = await Deno.stdin.read(buffer); count !== null;) {
    yield decoder.decode(buffer.subarray(0, count), { stream: true });
    count = await Deno.stdin.read(buffer);
  }
}

/** The proxies of the environment are for the world outside, not for the control API. */
function bypassProxy(hostname: string): void {
  const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
  if (!names.some((name) => Deno.env.get(name))) return;
  const others = Deno.env.get("NO_PROXY") || Deno.env.get("no_proxy");
  Deno.env.set("NO_PROXY", others ? `${others},${hostname}` : hostname);
}

function interruption(): Interruption {
  const aborter = new AbortController();
  const interrupt = (): void => aborter.abort(new DOMException("Interrupted", "AbortError"));
  Deno.addSignalListener("SIGINT", interrupt);
  return {
    signal: aborter.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", interrupt),
  };
}
