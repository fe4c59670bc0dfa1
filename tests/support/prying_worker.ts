/**
 * A thread that tries what a bug in the answer to a request might let a client do, and tells what
 * came of it: `done`, or the name of the error.
 */
interface Scope {
  postMessage(message: Readonly<Record<string, string>>): void;
  onmessage: (event: MessageEvent<Readonly<Record<string, readonly string[]>>>) => void;
}

const ATTEMPTS: Readonly<Record<string, (value: string) => unknown>> = {
  read: (path) => Deno.statSync(path),
  write: (path) => Deno.writeTextFileSync(path, "x"),
  run: (program) => new Deno.Command(program, { args: ["--version"] }).outputSync(),
  env: (name) => Deno.env.get(name),
  sys: () => Deno.hostname(),
  connect: async (port) => {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  },
};

const scope = globalThis as unknown as Scope;
scope.onmessage = async ({ data }) => {
  const outcomes: Record<string, string> = {};
  for (const [name, values] of Object.entries(data)) {
    for (const value of values) {
      try {
        await ATTEMPTS[name]!(value);
        outcomes[`${name} ${value}`] = "done";
      } catch (error) {
        outcomes[`${name} ${value}`] = error instanceof Error ? error.name : String(error);
      }
    }
  }
  scope.postMessage(outcomes);
};
scope.postMessage({ open: "" });
