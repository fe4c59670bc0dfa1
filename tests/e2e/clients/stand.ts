import { assertEquals } from "@std/assert";
import { Daemon } from "../../support/daemon.ts";
import { RangeServer } from "../../support/range_server.ts";
import { RedisServer } from "../../support/redis_server.ts";
import { RsyncDaemon } from "../../support/rsync_daemon.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";

/** The file that clients download: more than a MiB, so that it has pieces. */
export const ISO = "/iso/test.iso";

/** Bytes that repeat nowhere soon. */
export function sampleBytes(size: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

/** Scans a mirror; the scan that begins by itself may be at it. */
async function scanned(daemon: Daemon, ...args: string[]): Promise<void> {
  await waitFor(async () => (await daemon.cli("scan", ...args)).code === 0, {
    what: "a scan to succeed",
  });
}

/** What a client did. */
export interface ClientRun {
  readonly code: number;
  /** What it printed, both together. */
  readonly output: string;
}

/** A daemon with everything switched on, two mirrors that know ranges, and real clients. */
export class Stand implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    /** Where clients download to. */
    readonly home: string,
    /** Where the files of the source are. */
    readonly repository: string,
    readonly daemon: Daemon,
    /** In Germany and in France. */
    readonly mirrors: readonly [de: RangeServer, fr: RangeServer],
    /** Where the files of each mirror are. */
    readonly trees: readonly [de: string, fr: string],
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  /**
   * Starts everything.
   *
   * @param files path → contents, on the source and on both mirrors
   * @param config further keys
   * @param store where the daemon keeps things
   */
  static async start(
    files: Readonly<Record<string, Uint8Array | string>>,
    config: Readonly<Record<string, unknown>> = {},
    store: "embedded" | "redis" = "embedded",
  ): Promise<Stand> {
    await using resources = new AsyncDisposableStack();
    const { path } = resources.use(await tempDir());
    const [repository, home, ...trees] = ["repository", "home", "de", "fr"]
      .map((name) => `${path}/${name}`) as [string, string, string, string];
    await Deno.mkdir(home);
    const time = new Date(1_764_331_200_000);
    for (const tree of [repository, ...trees]) {
      for (const [file, contents] of Object.entries(files)) {
        await Deno.mkdir(tree + file.slice(0, file.lastIndexOf("/")), { recursive: true });
        if (typeof contents === "string") await Deno.writeTextFile(tree + file, contents);
        else await Deno.writeFile(tree + file, contents);
        await Deno.utime(tree + file, time, time);
      }
    }
    const mirrors = trees.map((tree) => resources.use(new RangeServer(tree))) as [
      RangeServer,
      RangeServer,
    ];
    const rsync = resources.use(await RsyncDaemon.start({ de: trees[0]!, fr: trees[1]! }));
    const redis = store === "redis" ? resources.use(await RedisServer.start()) : null;
    const daemon = resources.use(
      new Daemon({
        directory: path,
        config: {
          Repository: repository,
          ...redis === null ? {} : { RedisAddress: `127.0.0.1:${redis.port}` },
          Hashes: { SHA256: true, SHA1: true, MD5: true },
          PieceHashes: true,
          PieceHashMinSize: 1,
          Torrents: true,
          Zsync: true,
          RepositoryScanInterval: 0,
          WatchRepository: false,
          CheckInterval: 60,
          ScanInterval: 0,
          ...config,
        },
      }),
    );
    await daemon.start();
    await daemon.ok("refresh");
    for (const [i, name] of ["de", "fr"].entries()) {
      await daemon.ok(
        ...["add", "-http", mirrors[i]!.url, "-rsync", rsync.url(name), name],
      );
      await daemon.ok("edit", name, "-set", `CountryCodes=${name.toUpperCase()}`);
    }
    for (const name of ["de", "fr"]) await scanned(daemon, "-enable", name);
    await waitFor(async () => ((await daemon.ok("list")).match(/ up\b/g)?.length ?? 0) === 2, {
      what: "both mirrors to be up",
    });
    for (const mirror of mirrors) mirror.requests.length = 0;
    const trees2 = [trees[0]!, trees[1]!] as const;
    return new Stand(home, repository, daemon, mirrors, trees2, resources.move());
  }

  /** Lets the daemon know what the source and the mirrors have now. */
  async scanAll(): Promise<void> {
    await this.daemon.ok("refresh");
    for (const name of ["de", "fr"]) await scanned(this.daemon, name);
  }

  /** URL of something of the daemon. @param target encoded path with its query */
  url(target: string): string {
    return `http://${this.daemon.address}${target}`;
  }

  /** Runs a client in {@linkcode home}. */
  async run(program: string, ...args: string[]): Promise<ClientRun> {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: this.home,
      env: { HOME: this.home, LANG: "C.UTF-8", PYTHONDONTWRITEBYTECODE: "1" },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
  }

  /** Runs a client that must succeed. @returns what it printed */
  async ok(program: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.run(program, ...args);
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${output}`);
    return output;
  }

  /** Compares a download with the source, and removes it. */
  async same(name: string, path: string): Promise<void> {
    const got = await Deno.readFile(`${this.home}/${name}`);
    assertEquals(got, await Deno.readFile(this.repository + path));
    await Deno.remove(`${this.home}/${name}`);
  }

  /** Requests that the mirrors got since the last time, by country. */
  takeRequests(): { de: string[]; fr: string[] } {
    const [de, fr] = this.mirrors.map(({ requests }) => requests.splice(0));
    return { de: de!, fr: fr! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
