import { createHash } from "node:crypto";

/** Runs a program that must succeed. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...options,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const said = decoder.decode(stdout) + decoder.decode(stderr);
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${said}`);
  return said;
}

/** A package: what it is called, and which version it is. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
}

/** Adds a Debian package below /pool, and writes the metadata of /dists/lab anew. */
export async function publishDeb(root: string, { name, version }: PackageName): Promise<void> {
  const build = await Deno.makeTempDir();
  await Deno.mkdir(`${build}/DEBIAN`);
  await Deno.writeTextFile(
    `${build}/DEBIAN/control`,
    `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Lab <lab@example.org>\n` +
      "Description: lab\n",
  );
  await Deno.mkdir(`${root}/pool`, { recursive: true });
  await run("dpkg-deb", ["-Znone", "-b", build, `${root}/pool/${name}_${version}_all.deb`]);
  await Deno.remove(build, { recursive: true });
  const binary = `${root}/dists/lab/main/binary-amd64`;
  await Deno.mkdir(binary, { recursive: true });
  const packages = await run("apt-ftparchive", ["-q", "packages", "pool"], { cwd: root });
  await Deno.writeTextFile(`${binary}/Packages`, packages);
  const bytes = new TextEncoder().encode(packages);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const release = [
    ...["Suite: lab", "Codename: lab", "Components: main", "Architectures: amd64"],
    `Date: ${new Date().toUTCString().replace("GMT", "UTC")}`,
    "SHA256:",
    ` ${hash} ${bytes.length} main/binary-amd64/Packages`,
  ].map((line) => `${line}\n`).join("");
  await Deno.writeTextFile(`${root}/dists/lab/Release`, release);
  // Nobody checks who signed it.
  await Deno.writeTextFile(`${root}/dists/lab/InRelease`, release);
}

/** What runs apt on a tree of its own. */
export interface AptRoot {
  /** Runs apt-get. @returns what it printed */
  readonly apt: (...args: string[]) => Promise<string>;
}

/** Makes a place for apt whose only source is a line. @param source what follows `deb [trusted=yes] ` */
export async function aptRoot(root: string, source: string): Promise<AptRoot> {
  for (
    const directory of [
      ...["etc/apt/apt.conf.d", "etc/apt/preferences.d", "etc/apt/sources.list.d"],
      ...["etc/apt/trusted.gpg.d", "var/lib/apt/lists/partial", "var/lib/dpkg"],
      ...["var/cache/apt/archives/partial", "var/log/apt"],
    ]
  ) await Deno.mkdir(`${root}/${directory}`, { recursive: true });
  await Deno.writeTextFile(`${root}/var/lib/dpkg/status`, "");
  await Deno.writeTextFile(
    `${root}/etc/apt/sources.list`,
    `deb [trusted=yes arch=amd64] ${source}\n`,
  );
  await Deno.writeTextFile(
    `${root}/apt.conf`,
    [
      `Dir "${root}"`,
      `Dir::State::status "${root}/var/lib/dpkg/status"`,
      'APT::Architecture "amd64"',
      'APT::Architectures "amd64"',
      'Acquire::Languages "none"',
      'APT::Sandbox::User "root"',
      'Acquire::http::Proxy "DIRECT"',
      'Acquire::Retries "0"',
      "#clear APT::Update",
      "#clear DPkg",
    ].map((line) => `${line};\n`).join(""),
  );
  const env = { APT_CONFIG: `${root}/apt.conf`, LC_ALL: "C.UTF-8" };
  return { apt: (...args) => run("apt-get", ["-q", "-y", ...args], { env }) };
}

/** Adds an RPM below /rpms, and writes /repodata anew. */
export async function publishRpm(root: string, { name, version }: PackageName): Promise<void> {
  const build = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${build}/x.spec`,
    `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: lab\nLicense: MIT\nBuildArch: noarch\n` +
      "%description\nlab\n%files\n",
  );
  await run("rpmbuild", [
    ...["-bb", "--quiet", "--define", `_topdir ${build}`, "--define", `_rpmdir ${root}/rpms`],
    ...["--define", "_build_name_fmt %{NAME}-%{VERSION}.rpm", `${build}/x.spec`],
  ]);
  await Deno.remove(build, { recursive: true });
  await run("createrepo_c", ["-q", root]);
}

/**
 * Runs DNF on a tree of its own.
 *
 * @param home directory of that tree
 * @param line where the repository is: `baseurl=…`
 */
export async function dnf(home: string, line: string, ...args: string[]): Promise<string> {
  await Deno.mkdir(`${home}/repos`, { recursive: true });
  // It writes a log below its root, too.
  await Deno.mkdir(`${home}/root/${home}/log`, { recursive: true });
  await Deno.mkdir(`${home}/log`, { recursive: true });
  await Deno.writeTextFile(`${home}/dnf.conf`, "[main]\nretries=1\n");
  await Deno.writeTextFile(
    `${home}/repos/lab.repo`,
    `[lab]\nname=lab\n${line}\ngpgcheck=0\nenabled=1\n`,
  );
  return await run("dnf", [
    ...["-q", "-y", "-c", `${home}/dnf.conf`, "--installroot", `${home}/root`],
    ...[`--setopt=reposdir=${home}/repos`, `--setopt=cachedir=${home}/cache`],
    ...[`--setopt=logdir=${home}/log`, `--setopt=persistdir=${home}/persist`],
    ...["--releasever=1", "--disableplugin=*", ...args],
  ], { env: { LC_ALL: "C.UTF-8" } });
}

/** Adds a package for pacman below /core/os/x86_64, and writes its database anew. */
export async function publishArch(root: string, { name, version }: PackageName): Promise<void> {
  const build = await Deno.makeTempDir();
  const directory = `${root}/core/os/x86_64`;
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(
    `${build}/.PKGINFO`,
    `pkgname = ${name}\npkgbase = ${name}\npkgver = ${version}-1\npkgdesc = lab\nurl = http://x/\n` +
      "builddate = 1700000000\npackager = Lab <lab@example.org>\nsize = 1\narch = any\n",
  );
  const file = `${directory}/${name}-${version}-1-any.pkg.tar.gz`;
  await run("tar", ["-czf", file, "-C", build, ".PKGINFO"]);
  const bytes = await Deno.readFile(file);
  await Deno.mkdir(`${build}/db/${name}-${version}-1`, { recursive: true });
  await Deno.writeTextFile(
    `${build}/db/${name}-${version}-1/desc`,
    Object.entries({
      FILENAME: `${name}-${version}-1-any.pkg.tar.gz`,
      NAME: name,
      VERSION: `${version}-1`,
      DESC: "lab",
      CSIZE: bytes.length,
      ISIZE: 1,
      SHA256SUM: createHash("sha256").update(bytes).digest("hex"),
      ARCH: "any",
    }).map(([key, value]) => `%${key}%\n${value}\n\n`).join(""),
  );
  // As repo-add leaves it: the name that pacman asks for is a link.
  await run("tar", [
    "-czf",
    `${directory}/core.db.tar.gz`,
    "-C",
    `${build}/db`,
    `${name}-${version}-1`,
  ]);
  await Deno.remove(`${directory}/core.db`).catch(() => {});
  await Deno.symlink("core.db.tar.gz", `${directory}/core.db`);
  await Deno.remove(build, { recursive: true });
}

/**
 * Runs pacman on a tree of its own.
 *
 * @param home directory of that tree
 * @param servers lines `Server = …`
 */
export async function pacman(home: string, servers: string, ...args: string[]): Promise<string> {
  await Deno.mkdir(`${home}/db`, { recursive: true });
  await Deno.mkdir(`${home}/cache`, { recursive: true });
  await Deno.writeTextFile(`${home}/mirrorlist`, servers);
  await Deno.writeTextFile(
    `${home}/pacman.conf`,
    "[options]\nArchitecture = x86_64\nSigLevel = Never\n\n[core]\n" +
      `Include = ${home}/mirrorlist\n`,
  );
  return await run("pacman", [
    ...["--config", `${home}/pacman.conf`, "--root", home, "--dbpath", `${home}/db`],
    ...["--cachedir", `${home}/cache`, "--logfile", `${home}/log`, "--gpgdir", `${home}/gpg`],
    ...["--noconfirm", "--noprogressbar", ...args],
  ], { env: { LC_ALL: "C.UTF-8" } });
}
