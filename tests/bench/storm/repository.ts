import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { publishArch, publishRpm, run } from "../../e2e/clients/repositories.ts";

/** Something that publishes again and again. */
export interface Publisher {
  /** Publishes a version, file by file as real programs do. */
  readonly publish: (version: number) => Promise<void>;
  /** How the configuration calls this kind of repository. */
  readonly set: "apt" | "rpm" | "arch";
  /** Path of the root of its metadata. */
  readonly root: string;
  /** Patterns of what is still being written, as in the ready-made configuration; default: none. */
  readonly exclude?: readonly string[];
}

/** Puts a file where it belongs in one step, as those who publish do. */
async function put(file: string, contents: string | Uint8Array<ArrayBuffer>): Promise<void> {
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
  await Deno.writeFile(`${file}.new`, bytes);
  await Deno.rename(`${file}.new`, file);
}

/**
 * A signed Debian repository: Packages first, InRelease last.
 *
 * @param root where it is
 * @param home where the key and what is not published yet are
 * @param byHash whether each version is there by its hash, too
 */
export async function aptPublisher(
  root: string,
  home: string,
  byHash: boolean,
): Promise<Publisher & AsyncDisposable> {
  const env = { GNUPGHOME: `${home}/gpg` };
  await Deno.mkdir(env.GNUPGHOME, { recursive: true, mode: 0o700 });
  const gpg = ["--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""];
  const who = "Storm <storm@example.org>";
  await run("gpg", [...gpg, "--quick-gen-key", who, "ed25519", "sign", "never"], { env });
  await run("gpg", ["--batch", "--export", "-o", `${home}/storm.gpg`], { env });
  const dist = `${root}/dists/lab`;
  const names = ["main/binary-amd64/Packages", "main/binary-amd64/Packages.gz"];
  const publish = async (version: number): Promise<void> => {
    const packages = Array.from(
      { length: 200 },
      (_, i) =>
        `Package: p${i}\nVersion: ${i === 0 ? version : 1}\nArchitecture: all\n` +
        `Maintainer: ${who}\nFilename: pool/p${i}.deb\nSize: 1\nDescription: lab\n`,
    ).join("\n");
    const bytes = new TextEncoder().encode(`${packages}\n`);
    const files = [bytes, new Uint8Array(gzipSync(bytes))];
    const sums = files.map((file) => createHash("sha256").update(file).digest("hex"));
    const release = [
      ...["Suite: lab", "Codename: lab", "Components: main", "Architectures: amd64"],
      `Date: ${new Date().toUTCString().replace("GMT", "UTC")}`,
      `Acquire-By-Hash: ${byHash ? "yes" : "no"}`,
      "SHA256:",
      ...names.map((name, i) => ` ${sums[i]} ${files[i]!.length} ${name}`),
    ].map((line) => `${line}\n`).join("");
    await Deno.writeTextFile(`${home}/Release`, release);
    const sign = ["--yes", "--clearsign", "-o", `${home}/InRelease`, `${home}/Release`];
    await run("gpg", [...gpg, ...sign], { env });
    if (byHash) {
      for (const [i, sum] of sums.entries()) {
        await put(`${dist}/main/binary-amd64/by-hash/SHA256/${sum}`, files[i]!);
      }
    }
    for (const [i, name] of names.entries()) await put(`${dist}/${name}`, files[i]!);
    await put(`${dist}/Release`, release);
    await put(`${dist}/InRelease`, await Deno.readFile(`${home}/InRelease`));
  };
  const stop = async (): Promise<void> => {
    await run("gpgconf", ["--kill", "gpg-agent"], { env });
  };
  return { publish, set: "apt", root: "/dists/lab/InRelease", [Symbol.asyncDispose]: stop };
}

/** Packages that an RPM repository has in turn. */
const RPMS = 10;

/** A repository of createrepo_c, which keeps the metadata of a few publications. */
export async function rpmPublisher(root: string, home: string): Promise<Publisher> {
  await Deno.mkdir(`${home}/rpms`, { recursive: true });
  for (let i = 0; i < RPMS; i++) {
    await publishRpm(home, { name: `p${i}`, version: "1" });
  }
  await Deno.mkdir(`${root}/rpms`, { recursive: true });
  const publish = async (version: number): Promise<void> => {
    const name = `rpms/p${version % RPMS}-1.rpm`;
    // It has another date, and with that the metadata is another.
    await Deno.copyFile(`${home}/${name}`, `${root}/${name}.new`);
    await Deno.rename(`${root}/${name}.new`, `${root}/${name}`);
    await run("createrepo_c", ["-q", "--update", "--retain-old-md", "10", root]);
  };
  return { publish, set: "rpm", root: "/repodata/repomd.xml", exclude: [".repodata"] };
}

/** A repository for pacman: the package first, the database last. */
export function archPublisher(root: string, home: string): Publisher {
  const publish = async (version: number): Promise<void> => {
    await publishArch(home, { name: "alpha", version: `${version}` });
    const directory = "core/os/x86_64";
    const name = `alpha-${version}-1-any.pkg.tar.gz`;
    for (const file of [name, "core.db.tar.gz"]) {
      await put(
        `${root}/${directory}/${file}`,
        await Deno.readFile(`${home}/${directory}/${file}`),
      );
    }
    const link = `${root}/${directory}/core.db`;
    await Deno.symlink("core.db.tar.gz", link).catch(() => {});
  };
  return { publish, set: "arch", root: "/core/os/x86_64/core.db.tar.gz" };
}
