/** What somebody may try who got a thread to do what he wants, by kind. */
export type Attempts = Readonly<Record<string, readonly string[]>>;

/** What came of each attempt: `done`, or the name of the error. */
export type Outcomes = Readonly<Record<string, string>>;

const ATTEMPTS: Readonly<Record<string, (value: string) => unknown>> = {
  read: (path) => Deno.statSync(path),
  write: (path) => Deno.writeTextFileSync(path, "x"),
  run: (program) => new Deno.Command(program, { args: ["--version"] }).outputSync(),
  env: (name) => Deno.env.get(name),
  sys: () => Deno.hostname(),
  connect: async (port) => {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  },
  load: (library) => Deno.dlopen(library, {}).close(),
};

/** Tries things in this thread, as a bug in the answer to a request might let a client do. */
export async function pry(attempts: Attempts): Promise<Outcomes> {
  const outcomes: Record<string, string> = {};
  for (const [name, values] of Object.entries(attempts)) {
    for (const value of values) {
      try {
        await ATTEMPTS[name]!(value);
        outcomes[`${name} ${value}`] = "done";
      } catch (error) {
        outcomes[`${name} ${value}`] = error instanceof Error ? error.name : String(error);
      }
    }
  }
  return outcomes;
}
