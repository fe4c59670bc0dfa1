import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Names that are awkward somewhere between a disk, rsync, a URL and a header. */
export const ODD_NAMES = [
  "with space.txt",
  "100%.txt",
  "percent%41.txt",
  "hash#tag.txt",
  "question?mark.txt",
  "plus+plus.txt",
  "tilde~1.txt",
  "semi;colon,comma.txt",
  "amp&equals=.txt",
  "quote'and\"quote.txt",
  "[brackets]{braces}.txt",
  "back\\slash.txt",
  "back\\#041hash.txt",
  "line\nfeed.txt",
  "tab\there.txt",
  "ünïcodé-日本.txt",
  "emoji-🎉.txt",
  ".hidden",
] as const;

/** Where each mirror stands, and the address of a client in the same country. */
export const PLACES = {
  nl: {
    set: ["Latitude=52.1", "Longitude=5.3", "ContinentCode=EU", "CountryCodes=NL"],
    client: "193.0.6.139",
  },
  us: {
    set: ["Latitude=39", "Longitude=-98", "ContinentCode=NA", "CountryCodes=US"],
    client: "8.8.8.8",
  },
  jp: {
    set: ["Latitude=36", "Longitude=138", "ContinentCode=AS", "CountryCodes=JP"],
    client: "133.11.0.1",
  },
} as const;

/** Name of one of the three mirrors; the country where it stands. */
export type MirrorName = keyof typeof PLACES;
export const MIRROR_NAMES = Object.keys(PLACES) as MirrorName[];

/** Which store the daemon uses. */
export type StoreKind = "embedded" | "redis";

const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5);

/** The files of the repository: 30 of them. */
export const FILES: readonly string[] = [
  ...ODD_NAMES.map((name) => `/odd/${name}`),
  ...Array.from({ length: 9 }, (_, index) => `/pool/${index}/file-${index}.tar.gz`),
  "/README.txt",
  "/only-elsewhere.iso",
  "/changed.bin",
];

/** Writes one file of the sample. */
export async function writeFile(
  directory: string,
  path: string,
  { size = path.length + 100, modified = MODIFIED }: { size?: number; modified?: number } = {},
): Promise<void> {
  const file = directory + path;
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeFile(file, new Uint8Array(size).fill(size % 251));
  await Deno.utime(file, new Date(modified), new Date(modified));
}

/** Everything that the main job needs, running for real on this machine. */
export class Sample implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly directory: string,
    readonly repository: string,
    readonly daemon: Daemon,
    readonly servers: Readonly<Record<MirrorName, MirrorServer>>,
    readonly rsyncd: RsyncDaemon,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  /** Starts the servers and the daemon; the mirrors are known, placed, scanned and up. */
  static async start(
    store: StoreKind,
    config: Readonly<Record<string, unknown>> = {},
  ): Promise<Sample> {
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-e2e-")).path;
    const repository = `${directory}/repository`;
    const trees = Object.fromEntries(MIRROR_NAMES.map((name) => [name, `${directory}/${name}`]));
    for (const path of FILES) {
      for (const tree of [repository, ...Object.values(trees)]) await writeFile(tree, path);
    }
    await Deno.symlink("../README.txt", `${repository}/odd/alias.txt`);
    await writeFile(directory, "/outside/secret.txt");
    await Deno.symlink(`${directory}/outside/secret.txt`, `${repository}/odd/leaves.txt`);
    await Deno.remove(`${trees.us}/only-elsewhere.iso`);
    await writeFile(trees.jp!, "/changed.bin", { modified: MODIFIED - 3_600_000 });
    await writeFile(trees.nl!, "/changed.bin", { size: 7 });

    const servers = Object.fromEntries(
      MIRROR_NAMES.map((name) => [name, stack.use(MirrorServer.start(trees[name]!))]),
    ) as Record<MirrorName, MirrorServer>;
    const rsyncd = stack.use(await RsyncDaemon.start(trees));
    const redis = store === "redis" ? stack.use(await RedisServer.start()) : null;
    const daemon = stack.use(
      new Daemon({
        directory,
        config: {
          Repository: repository,
          LogDir: directory,
          CheckInterval: 0,
          ...(redis ? { RedisAddress: `127.0.0.1:${redis.port}` } : {}),
          ...config,
        },
      }),
    );
    await daemon.start();
    await daemon.ok("refresh");
    for (const name of MIRROR_NAMES) {
      await daemon.ok("add", "-http", servers[name].url, "-rsync", rsyncd.url(name), name);
      await daemon.ok("edit", name, ...PLACES[name].set.flatMap((field) => ["-set", field]));
      await daemon.ok("scan", "-enable", name);
    }
    const sample = new Sample(directory, repository, daemon, servers, rsyncd, stack.move());
    for (const name of MIRROR_NAMES) await sample.waitForState(name, "up");
    return sample;
  }

  /** Waits until `list` shows the state. */
  async waitForState(name: MirrorName, state: "up" | "down"): Promise<void> {
    const line = new RegExp(`^${name}\\s+${state}\\b`, "m");
    await waitFor(async () => line.test(await this.daemon.ok("list")), {
      what: `${name} to be ${state}`,
      every: 100,
    });
  }

  /** Which mirror a client of that country is sent to for a file, and the file that the URL names. */
  async redirect(path: string, country: MirrorName): Promise<{ mirror: string; path: string }> {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const response = await this.daemon.get(encoded, {
      "X-Forwarded-For": PLACES[country].client,
    });
    const location = response.headers.get("location") ?? "";
    const mirror = MIRROR_NAMES.find((name) => location.startsWith(this.servers[name].url));
    return {
      mirror: mirror ?? `${response.status} ${location}`,
      path: decodeURIComponent(new URL(location, "http://none.invalid").pathname),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
