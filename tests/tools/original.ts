/**
 * The original Mirrorbits, for the tests and benchmarks that compare with it. It is never required: they
 * are ignored where it cannot be had. As a program it prints the path of it:
 * `deno run -P=test tests/tools/original.ts`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname } from "node:path";

/** Variable of the environment that names the original's program. */
export const ORIGINAL_VARIABLE = "MIRRORBITS_ORIGINAL";

/** Debian's package of it, which needs nothing but libc 2.34. */
const PACKAGE = {
  name: "mirrorbits",
  suite: "trixie",
  sha256: "89386f33c223eac2b351e625be4d88cb47f202cd0b13c6a87eb9d66b21bba549",
  program: "usr/bin/mirrorbits",
} as const;

/** The keys of Debian's archive, where this machine has them in a file of their own. */
const KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Milliseconds that each step of the download may take. */
const TIMEOUT = 180_000;

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
    const file = await download(temporary);
    await run(temporary, "dpkg-deb", "-x", file, `${temporary}/tree`);
    await Deno.remove(directory, { recursive: true }).catch(() => {});
    await Deno.rename(`${temporary}/tree`, directory);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/**
 * Downloads the package with the package client of this machine, from the servers that it uses, but
 * with lists of its own.
 *
 * @param directory an empty one
 * @returns path of the package, whose digest is right
 */
async function download(directory: string): Promise<string> {
  const servers = await serversOfThisMachine();
  if (servers.length === 0) throw new Error("apt knows no server of Debian's");
  const signedBy = await exists(KEYS) ? `[signed-by=${KEYS}] ` : "";
  const sources = servers.map((uri) => `deb ${signedBy}${uri} ${PACKAGE.suite} main\n`);
  await Deno.writeTextFile(`${directory}/sources.list`, sources.join(""));
  await Deno.mkdir(`${directory}/lists/partial`, { recursive: true });
  await Deno.mkdir(`${directory}/cache/archives/partial`, { recursive: true });
  const options = [
    `Dir::Etc::SourceList=${directory}/sources.list`,
    "Dir::Etc::SourceParts=/dev/null",
    `Dir::State::Lists=${directory}/lists`,
    `Dir::Cache=${directory}/cache`,
    "Acquire::Languages=none",
    "Acquire::Retries=1",
    // The directory of its own is not for another user.
    "APT::Sandbox::User=",
  ].flatMap((option) => ["-o", option]);
  await run(directory, "apt-get", ...options, "update");
  await run(directory, "apt-get", ...options, "download", PACKAGE.name);
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.endsWith(".deb")) continue;
    const bytes = await Deno.readFile(`${directory}/${name}`);
    const digest = createHash("sha256").update(bytes).digest("hex");
    if (digest === PACKAGE.sha256) return `${directory}/${name}`;
    throw new Error(`${PACKAGE.suite} has another version of it: ${name}`);
  }
  throw new Error(`${PACKAGE.suite} has no package of that name`);
}

/** URIs from which this machine takes its packages, those for security aside. */
async function serversOfThisMachine(): Promise<string[]> {
  const format = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const text = await run(
    "/",
    "apt-get",
    "indextargets",
    "--format",
    format,
    "Created-By: Packages",
  );
  const rows = text.trim().split("\n").map((line) => line.split(" "));
  const main = rows.filter(([, release = "", component]) =>
    component === "main" && !release.endsWith("-security")
  );
  return [...new Set(main.map(([uri = ""]) => uri))];
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/**
 * Runs a program in a directory.
 *
 * @returns what it printed
 * @throws Error with the last line of its errors
 */
async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(TIMEOUT),
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${program} failed: ${decoder.decode(stderr).trim().split("\n").at(-1)}`);
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
