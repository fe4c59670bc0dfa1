/** A program that tests or the sample need, and the Debian package that has it. */
interface Tool {
  readonly program: string;
  readonly package: string;
  /** What the program, a Python, must be able to import. */
  readonly module?: string;
  /** A service that the package starts, and nobody needs. */
  readonly service?: string;
}

/** Debian's, to which its packages belong, whatever stands before it on the PATH. */
export const PYTHON = "/usr/bin/python3";

/** The programs by name. */
export const TOOLS = {
  rsync: { program: "rsync", package: "rsync" },
  redis: { program: "redis-server", package: "redis-server" },
  openssl: { program: "openssl", package: "openssl" },
  chromium: { program: "chromium", package: "chromium" },
  pyftpdlib: { program: PYTHON, package: "python3-pyftpdlib", module: "pyftpdlib" },
  nginx: { program: "nginx", package: "nginx-light", service: "nginx" },
  haproxy: { program: "haproxy", package: "haproxy", service: "haproxy" },
  caddy: { program: "caddy", package: "caddy", service: "caddy" },
  curl: { program: "curl", package: "curl" },
  wget: { program: "wget", package: "wget" },
  aria2: { program: "aria2c", package: "aria2" },
  wget2: { program: "wget2", package: "wget2" },
  transmission: { program: "transmission-cli", package: "transmission-cli" },
  libtorrent: { program: PYTHON, package: "python3-libtorrent", module: "libtorrent" },
  xmllint: { program: "xmllint", package: "libxml2-utils" },
  librepo: { program: PYTHON, package: "python3-librepo", module: "librepo" },
  dnf: { program: "dnf", package: "dnf" },
  rpmbuild: { program: "rpmbuild", package: "rpm" },
  dpkg: { program: "dpkg-deb", package: "dpkg" },
  ftparchive: { program: "apt-ftparchive", package: "apt-utils" },
  pacman: { program: "pacman", package: "pacman-package-manager" },
  createrepo: { program: "createrepo_c", package: "createrepo-c" },
  zsync: { program: "zsync", package: "zsync" },
  prometheus: { program: "prometheus", package: "prometheus", service: "prometheus" },
  logrotate: { program: "logrotate", package: "logrotate" },
  pyopenssl: { program: PYTHON, package: "python3-openssl", module: "OpenSSL" },
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
    for (const { service } of missing) {
      if (service !== undefined) await run("service", [service, "stop"]);
    }
    missing = await without(tools);
  }
  return missing.map((tool) => tool.package);
}

async function without(tools: readonly Tool[]): Promise<Tool[]> {
  const there = await Promise.all(tools.map(({ program, module }) => {
    return module === undefined ? exists(program) : imports(program, module);
  }));
  return tools.filter((_, index) => !there[index]);
}

/** Whether a program is on the PATH. */
async function exists(program: string): Promise<boolean> {
  const directories = (Deno.env.get("PATH") ?? "").split(":");
  return (await Promise.all(directories.map((path) => isExecutable(`${path}/${program}`))))
    .includes(true);
}

/** Whether a Python has a module. */
async function imports(python: string, module: string): Promise<boolean> {
  return await isExecutable(python) &&
    await run(python, ["-W", "ignore", "-c", `import ${module}`]);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
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
