/**
 * The original Mirrorbits, for the tests and benchmarks that compare with it. It is never required: they
 * are ignored where it cannot be had. As a program it prints the path of it:
 * `deno run -P=test tests/tools/original.ts`.
 *
 * @module
 */
import { dirname } from "node:path";

/** Variable of the environment that names the original's program. */
export const ORIGINAL_VARIABLE = "MIRRORBITS_ORIGINAL";

/** Debian's package of it, which needs nothing but libc 2.34. */
const PACKAGE = {
  url: "http://deb.debian.org/debian/pool/main/m/mirrorbits/mirrorbits_0.6.1-1~deb13u1_amd64.deb",
  sha256: "89386f33c223eac2b351e625be4d88cb47f202cd0b13c6a87eb9d66b21bba549",
  program: "usr/bin/mirrorbits",
} as const;

/** Debian's own downloader, which knows the proxies of this machine and checks the digest. */
const APT_HELPER = "/usr/lib/apt/apt-helper";

/** Milliseconds that the download may take. */
const TIMEOUT = 60_000;

/** The program that the environment names; `null`: none, and what compares with it is to be ignored. */
export function originalProgram(): string | null {
  return Deno.env.get(ORIGINAL_VARIABLE) || null;
}

/**
 * The page templates that belong to the program, without which it does not start.
 *
 * @param program path of it, as installed: `PREFIX/bin/mirrorbits`
 * @returns `PREFIX/share/mirrorbits/templates`
 */
export function originalTemplates(program: string): string {
  return `${dirname(dirname(program))}/share/mirrorbits/templates`;
}

/**
 * Finds the original: the one that the environment names, else the one that was fetched before, else
 * Debian's package, which is fetched into the cache directory.
 *
 * @param say told what is done, and why there is none
 * @returns path of its program; `null`: there is none
 */
export async function fetchOriginal(say: (message: string) => void): Promise<string | null> {
  const named = originalProgram();
  if (named !== null) return named;
  try {
    const directory = `${cacheDirectory()}/original-${PACKAGE.sha256.slice(0, 16)}`;
    const program = `${directory}/${PACKAGE.program}`;
    if (!await runs(program)) {
      say("Fetching the original Mirrorbits");
      await fetchPackage(directory);
      if (!await runs(program)) throw new Error("It does not run on this system");
    }
    return program;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    say(`No original Mirrorbits, what compares with it is ignored: ${why}`);
    return null;
  }
}

function cacheDirectory(): string {
  const home = Deno.env.get("HOME") || "/tmp";
  return `${Deno.env.get("XDG_CACHE_HOME") || `${home}/.cache`}/mirrorbits-tests`;
}

async function fetchPackage(directory: string): Promise<void> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error("The package is for Linux on x86-64");
  }
  await Deno.mkdir(dirname(directory), { recursive: true });
  const temporary = await Deno.makeTempDir({ dir: dirname(directory) });
  try {
    const file = `${temporary}/original.deb`;
    const digest = `SHA256:${PACKAGE.sha256}`;
    await run(APT_HELPER, "-oAcquire::Retries=1", "download-file", PACKAGE.url, file, digest);
    await run("dpkg-deb", "-x", file, `${temporary}/tree`);
    await Deno.remove(directory, { recursive: true }).catch(() => {});
    await Deno.rename(`${temporary}/tree`, directory);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** @throws Error with the last line that the program printed */
async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal: AbortSignal.timeout(TIMEOUT),
  }).output();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  throw new Error(`${program} failed: ${lines.at(-1)}`);
}

/** Whether the program is there and can be run: its usage names its commands. */
async function runs(program: string): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args: ["help"], stdin: "null" });
    const { stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return /\bdaemon\b/.test(decoder.decode(stdout) + decoder.decode(stderr));
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  const print = (line: string): void => void Deno.stdout.writeSync(encoder.encode(`${line}\n`));
  const program = await fetchOriginal((line) => {
    Deno.stderr.writeSync(encoder.encode(`${line}\n`));
  });
  if (program !== null) print(program);
  Deno.exit(program === null ? 1 : 0);
}
