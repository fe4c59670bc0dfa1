import { aptRoot } from "../../e2e/clients/repositories.ts";
import { agentOf } from "./logged_server.ts";

/** How an update ended: empty when it succeeded, else what the client said. */
export type Update = (worker: string, base: string, update: number) => Promise<string>;

async function said(program: string, args: readonly string[], env = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { LC_ALL: "C.UTF-8", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  return success && !/^(W|E|Err)/m.test(output) ? "" : output || "It failed without a word";
}

async function empty(directory: string): Promise<void> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  await Deno.mkdir(directory, { recursive: true });
}

/** `apt-get update` from nothing, with the retries that it has by itself. */
export function aptUpdate(home: string): Update {
  return async (worker, base, update) => {
    const root = `${home}/${worker}`;
    await aptRoot(root, `${base} lab main`);
    await Deno.writeTextFile(
      `${root}/etc/apt/sources.list`,
      `deb [signed-by=${home}/storm.gpg arch=amd64] ${base} lab main\n`,
    );
    await empty(`${root}/var/lib/apt/lists/partial`);
    for await (const { name, isFile } of Deno.readDir(`${root}/var/lib/apt/lists`)) {
      if (isFile) await Deno.remove(`${root}/var/lib/apt/lists/${name}`);
    }
    const agent = `Acquire::http::User-Agent=${agentOf(update)}`;
    const args = ["-q", "-o", agent, "-o", "Acquire::Retries=3", "update"];
    return await said("apt-get", args, { APT_CONFIG: `${root}/apt.conf` });
  };
}

/** `dnf makecache` from nothing, by the base URL. */
export function dnfUpdate(home: string): Update {
  return dnfBy(home, (base) => `baseurl=${base}`);
}

/** `dnf makecache` from nothing, by a metalink: it goes on at the next mirror where one fails. */
export function dnfMetalinkUpdate(home: string): Update {
  return dnfBy(home, (base, update) =>
    // At the source alone there is none.
    update % 2 === 0 ? `metalink=${base}repodata/repomd.xml?metalink` : `baseurl=${base}`);
}

function dnfBy(home: string, where: (base: string, update: number) => string): Update {
  return async (worker, base, update) => {
    const root = `${home}/${worker}`;
    for (const directory of ["repos", `root/${root}/log`, "log"]) {
      await Deno.mkdir(`${root}/${directory}`, { recursive: true });
    }
    await empty(`${root}/cache`);
    await Deno.writeTextFile(`${root}/dnf.conf`, `[main]\nuser_agent=${agentOf(update)}\n`);
    await Deno.writeTextFile(
      `${root}/repos/lab.repo`,
      `[lab]\nname=lab\n${where(base, update)}\ngpgcheck=0\nenabled=1\n`,
    );
    return await said("dnf", [
      ...["-q", "-y", "-c", `${root}/dnf.conf`, "--installroot", `${root}/root`],
      ...[`--setopt=reposdir=${root}/repos`, `--setopt=cachedir=${root}/cache`],
      ...[`--setopt=logdir=${root}/log`, `--setopt=persistdir=${root}/persist`],
      ...["--releasever=1", "--disableplugin=*", "makecache"],
    ]);
  };
}

/** `pacman -Syw` of a package from nothing. */
export function pacmanUpdate(home: string): Update {
  return async (worker, base, update) => {
    const root = `${home}/${worker}`;
    await empty(`${root}/db`);
    await empty(`${root}/cache`);
    await Deno.writeTextFile(
      `${root}/pacman.conf`,
      "[options]\nArchitecture = x86_64\nSigLevel = Never\n\n[core]\n" +
        `Server = ${base}$repo/os/$arch\n`,
    );
    return await said("pacman", [
      ...["--config", `${root}/pacman.conf`, "--root", root, "--dbpath", `${root}/db`],
      ...["--cachedir", `${root}/cache`, "--logfile", `${root}/log`, "--gpgdir", `${root}/gpg`],
      ...["--noconfirm", "--noprogressbar", "-Syw", "alpha"],
    ], { HTTP_USER_AGENT: agentOf(update) });
  };
}
