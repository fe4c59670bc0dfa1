/** A program that tests or the sample need, and the Debian package that has it. */
interface Tool {
  readonly program: string;
  readonly package: string;
}

/** The programs by name. */
export const TOOLS = {
  rsync: { program: "rsync", package: "rsync" },
  redis: { program: "redis-server", package: "redis-server" },
  openssl: { program: "openssl", package: "openssl" },
  chromium: { program: "chromium", package: "chromium" },
} as const satisfies Record<string, Tool>;

/**
 * Makes sure that programs are there: installs what is missing where it can, as root on Debian.
 *
 * @param tools what is needed
 * @param say told what is done
 * @returns the packages that are still missing
 */
export async function install(
  tools: readonly Tool[],
  say: (message: string) => void,
): Promise<string[]> {
  let missing = await without(tools);
  if (missing.length === 0) return [];
  const packages = missing.map((tool) => tool.package);
  if (Deno.uid() === 0 && await exists("apt-get")) {
    say(`Installing ${packages.join(", ")}`);
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages]);
    missing = await without(tools);
  }
  return missing.map((tool) => tool.package);
}

async function without(tools: readonly Tool[]): Promise<Tool[]> {
  const there = await Promise.all(tools.map((tool) => exists(tool.program)));
  return tools.filter((_, index) => !there[index]);
}

/** Whether a program is on the PATH. */
async function exists(program: string): Promise<boolean> {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      const { isFile, mode } = await Deno.stat(`${directory}/${program}`);
      if (isFile && ((mode ?? 0) & 0o111) !== 0) return true;
    } catch {
      // Not here.
    }
  }
  return false;
}

async function run(program: string, args: string[]): Promise<boolean> {
  const command = new Deno.Command(program, {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  return (await command.output()).success;
}
