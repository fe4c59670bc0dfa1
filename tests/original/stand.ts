import { writeFile } from "../e2e/sample.ts";
import { OtherProgram } from "../store/redis_helpers.ts";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { originalProgram, originalTemplates } from "../tools/original.ts";
import { decisionOf } from "./decision_of.ts";
import { MIRROR_NAMES, type MirrorName, MIRRORS, writeGeoDatabases } from "./places.ts";

/** When the files were changed, in milliseconds since the epoch. */
const TIME = Date.UTC(2026, 0, 2, 3, 4, 5);

/** The files of the repository; `/nowhere.bin` is on no mirror. */
export const FILES = [
  "/README.txt",
  "/pool/a/alpha_1.0.tar.gz",
  "/pool/b/wrong-size.iso",
  "/dists/stable/wrong-time",
  "/odd/plus+plus.txt",
  "/odd/tilde~1.txt",
  "/odd/semi;colon,comma.txt",
  "/odd/amp&eq=.txt",
  "/odd/paren(1).txt",
  "/odd/.hidden",
  "/empty.dat",
  "/nowhere.bin",
] as const;

/** Everything that both programs need, running for real: repository, mirrors, rsync, Redis. */
export class Stand implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly directory: string,
    readonly servers: Readonly<Record<MirrorName, MirrorServer>>,
    readonly rsyncd: RsyncDaemon,
    readonly redisServer: RedisServer,
    /** A connection of its own to Redis. */
    readonly other: OtherProgram,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  /**
   * Starts it, without any daemon.
   *
   * @param options whether the repository also has names in Latin-1, which only the original indexes
   */
  static async start({ latin = false }: { readonly latin?: boolean } = {}): Promise<Stand> {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-original-")).path;
    const repository = `${directory}/repository`;
    const trees = Object.fromEntries(MIRROR_NAMES.map((name) => [name, `${directory}/${name}`]));
    for (const path of FILES) {
      for (const tree of [repository, ...Object.values(trees)]) await writeFile(tree, path);
    }
    for (const tree of Object.values(trees)) await Deno.remove(`${tree}/nowhere.bin`);
    await Deno.remove(`${trees.gb}/odd/paren(1).txt`);
    await writeFile(trees.us!, "/pool/b/wrong-size.iso", { size: 7 });
    await writeFile(trees.se!, "/dists/stable/wrong-time", { modified: TIME - 3_600_000 });
    await writeFile(trees.gb!, "/dists/stable/wrong-time", { modified: TIME + 10_000 });
    await Deno.symlink("../README.txt", `${repository}/odd/alias.txt`);
    await Deno.symlink("/etc/hostname", `${repository}/odd/leaves.txt`);
    if (latin) {
      const script = "printf x > $(printf 'caf\\351.txt'); mkdir $(printf 'dir\\351')";
      await new Deno.Command("sh", { args: ["-c", script], cwd: `${repository}/odd` }).output();
    }
    await writeGeoDatabases(`${directory}/geoip`);
    const servers = Object.fromEntries(
      MIRROR_NAMES.map((name) => [name, stack.use(MirrorServer.start(trees[name]!))]),
    ) as Record<MirrorName, MirrorServer>;
    const rsyncd = stack.use(await RsyncDaemon.start(trees));
    const redisServer = stack.use(await RedisServer.start());
    const other = stack.use(new OtherProgram(redisServer.port));
    return new Stand(directory, servers, rsyncd, redisServer, other, stack.move());
  }

  /** A daemon that is not started yet, with a directory of its own; it is stopped with the stand. */
  async daemon(name: string): Promise<Daemon> {
    const directory = `${this.directory}/daemon-${name}`;
    await Deno.mkdir(directory);
    return this.#resources.use(
      new Daemon({
        directory,
        config: {
          Repository: `${this.directory}/repository`,
          Templates: originalTemplates(originalProgram()!),
          GeoipDatabasePath: `${this.directory}/geoip`,
          RedisAddress: `127.0.0.1:${this.redisServer.port}`,
          LogDir: directory,
          CheckInterval: 0,
          // The original knows one address of a mirror.
          IPFamilies: "ignore",
          Hashes: { SHA256: true, SHA1: true, MD5: true },
        },
        env: { EDITOR: `${this.directory}/editor` },
      }),
    );
  }

  /** Adds a mirror by the daemon's command line, with its settings, scans and enables it. */
  async addMirror(daemon: Daemon, name: MirrorName): Promise<void> {
    // The original cannot add a URL with a port, but edit it.
    const settings = { ...MIRRORS[name], HttpURL: this.servers[name].url };
    await daemon.ok(
      ...["add", "-http", "http://127.0.0.1/", "-rsync", this.rsyncd.url(name)],
      ...["-admin-email", "ann@example.org", "-comment", "A comment", name],
    );
    await this.edit(daemon, name, settings);
    await daemon.ok("scan", "-enable", name);
  }

  /** Changes settings of a mirror by the daemon's command line, each in its own way. */
  async edit(
    daemon: Daemon,
    name: MirrorName,
    settings: Readonly<Record<string, string>>,
  ): Promise<void> {
    const pairs = Object.entries(settings);
    if (daemon.cliCommand === Daemon.command) {
      await daemon.ok(
        "edit",
        name,
        ...pairs.flatMap(([key, value]) => ["-set", `${key}=${value}`]),
      );
      return;
    }
    const script = pairs.map(([key, value]) => ` -e 's#^${key}:.*#${key}: ${value || '""'}#'`);
    await Deno.writeTextFile(
      `${this.directory}/editor`,
      `#!/bin/sh\nsed -i${script.join("")} "$1"\n`,
      { mode: 0o755 },
    );
    await daemon.ok("edit", name);
  }

  /** ID of a mirror. */
  async id(name: string): Promise<number> {
    const entries = Object.entries(await this.other.redis.hgetall("MIRRORS"));
    return Number(entries.find(([, each]) => each === name)?.[0]);
  }

  /** Waits until mirrors are up, and every thread of the daemon knows it. */
  async waitUntilServing(daemon: Daemon, names: readonly MirrorName[]): Promise<void> {
    const ids = new Map<MirrorName, number>();
    for (const name of names) ids.set(name, await this.id(name));
    const down = async (): Promise<MirrorName[]> => {
      const states = await Promise.all(
        names.map((name) => this.other.redis.hget(`MIRROR_${ids.get(name)}`, "httpUp")),
      );
      return names.filter((_, index) => states[index] !== "1");
    };
    await this.insist(daemon, down, "successful check");
    const known = async (): Promise<boolean> => {
      const asked = Array.from({ length: 12 }, () => decisionOf(daemon, "/README.txt"));
      const answers = await Promise.all(asked);
      return answers.every((answer) =>
        names.every((name) => /serves|only|restriction/.test(answer[name] ?? ""))
      );
    };
    await waitFor(known, { what: `${names} to serve` });
  }

  /**
   * Waits for something that health checks bring. The original sometimes misses that a mirror was
   * enabled, and never checks it: then it is enabled once more.
   *
   * @param missing the mirrors that it has not come for yet
   */
  async insist(
    daemon: Daemon,
    missing: () => MirrorName[] | Promise<MirrorName[]>,
    what: string,
  ): Promise<void> {
    const done = async (): Promise<boolean> => (await missing()).length === 0;
    for (let attempt = 0; attempt < 6; attempt++) {
      if (await waitFor(done, { what, timeout: 2_500 }).catch(() => false)) return;
      for (const name of await missing()) {
        await daemon.ok("disable", name);
        await daemon.ok("enable", name);
      }
    }
    throw new Error(`No ${what} for ${await missing()}: ${daemon.log}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
