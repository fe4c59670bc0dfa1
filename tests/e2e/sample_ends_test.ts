import { assert, assertEquals } from "@std/assert";
import { waitFor } from "../support/wait_for.ts";

const MAIN = new URL("../dev/main.ts", import.meta.url).pathname;

/** Whether a directory is there. */
async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("the sample stops its daemon and removes its files when the terminal is closed", async () => {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--lock=tests/deno.lock", "-P=dev", MAIN],
    ...{ cwd: new URL("../..", import.meta.url), stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  await using stack = new AsyncDisposableStack();
  // It has ended before, unless this fails.
  stack.defer(async () => {
    try {
      process.kill("SIGTERM");
    } catch {
      // It has.
    }
    await process.status;
  });
  const errors = new Response(process.stderr).text();
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("Ctrl-C stops")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The sample ended: ${said}\n${await errors}`);
    said += value;
  }
  const [, directory = ""] = /all files are in\n\s*(\S+)/.exec(said) ?? [];
  const [, origin = ""] = /(http:\/\/\S+)\/README\.txt\?sha256/.exec(said) ?? [];
  assert(await isThere(directory), said);
  const answer = await fetch(`${origin}/README.txt?sha256`);
  assertEquals((await answer.text()).slice(64), "  README.txt");
  // Nobody reads any more, as of a window that is closed.
  await reader.cancel();
  process.kill("SIGHUP");
  await process.status;
  assertEquals(await isThere(directory), false);
  await errors;
  const gone = async (): Promise<boolean> => {
    const answer = await fetch(origin).catch(() => null);
    await answer?.body?.cancel();
    return answer === null;
  };
  await waitFor(gone, { what: "the daemon to be gone" });
});
