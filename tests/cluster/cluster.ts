import type { Redis } from "ioredis";
import { OtherProgram } from "../store/redis_helpers.ts";
import { Daemon } from "../support/daemon.ts";
import { MirrorServer } from "../support/mirror_server.ts";
import { RedisServer } from "../support/redis_server.ts";
import { TcpProxy } from "../support/tcp_proxy.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { type OriginalMirror, writeOriginalDatabase } from "./original_database.ts";

const MODIFIED = Date.UTC(2026, 0, 2, 3, 4, 5);

/** One daemon of a {@linkcode Cluster}. */
export interface ClusterNode {
  readonly daemon: Daemon;
  /** Its way to Redis. */
  readonly proxy: TcpProxy;
}

/** How a {@linkcode Cluster} is made. */
export interface ClusterOptions {
  readonly nodes: number;
  readonly mirrors: number;
  /** Paths of the source and of every mirror; default `/a`. */
  readonly files?: readonly string[];
  /** Further keys of the daemons' configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Further properties of a mirror. */
  readonly mirror?: (id: number) => Partial<OriginalMirror>;
}

/** Several daemons on one Redis that the original has filled, each with its own way to Redis. */
export class Cluster implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly directory: string,
    readonly repository: string,
    readonly redisServer: RedisServer,
    /** A plain connection to the Redis. */
    readonly redis: Redis,
    readonly nodes: readonly ClusterNode[],
    /** Serves every mirror. */
    readonly server: MirrorServer,
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  /** Starts everything. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const { nodes: count, mirrors, files = ["/a"], config = {}, mirror = () => ({}) } = options;
    await using stack = new AsyncDisposableStack();
    const directory = stack.use(await tempDir("mirrorbits-cluster-")).path;
    const repository = `${directory}/repository`;
    for (const path of files) {
      const file = repository + path;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, path);
      await Deno.utime(file, new Date(MODIFIED), new Date(MODIFIED));
    }
    const server = stack.use(MirrorServer.start(repository));
    const redisServer = stack.use(await RedisServer.start("--appendfsync", "everysec"));
    const other = stack.use(new OtherProgram(redisServer.port));
    await writeOriginalDatabase(other.redis, {
      mirrors: Array.from({ length: mirrors }, (_, i) => {
        const id = i + 1;
        return { id, name: `m${id}`, http: server.url, ...mirror(id) };
      }),
      files: files.map((path) => ({
        path,
        size: new TextEncoder().encode(path).length,
        modTime: MODIFIED,
      })),
      now: Date.now(),
    });
    const nodes: ClusterNode[] = [];
    for (let i = 0; i < count; i++) {
      const proxy = stack.use(new TcpProxy(redisServer.port));
      await Deno.mkdir(`${directory}/node-${i}`);
      const daemon = stack.use(
        new Daemon({
          directory: `${directory}/node-${i}`,
          config: {
            Repository: repository,
            RedisAddress: `127.0.0.1:${proxy.port}`,
            CheckInterval: 0,
            RepositoryScanInterval: 0,
            Workers: 0,
            ...config,
          },
          args: ["-debug"],
        }),
      );
      nodes.push({ daemon, proxy });
    }
    const cluster = new Cluster(
      ...[directory, repository, redisServer, other.redis, nodes, server] as const,
      stack.move(),
    );
    await Promise.all(nodes.map(({ daemon }) => daemon.start()));
    return cluster;
  }

  /**
   * Waits until every mirror is checked, by one of these nodes, and none by two; then gives how the
   * mirrors are divided.
   *
   * @returns the names of the mirrors of each node, sorted
   */
  async waitForDivision(
    nodes: readonly ClusterNode[],
    mirrors: number,
    what: string,
  ): Promise<string[][]> {
    return await waitFor(async () => {
      const starts = this.nodes.map(({ daemon }) => daemon.log.length);
      const look = (): Set<string>[] =>
        this.nodes.map(({ daemon }, i) => checked(daemon.log.slice(starts[i])));
      await waitFor(() => union(look()).size === mirrors, {
        what: `${what}: all`,
        timeout: 20_000,
      });
      // Each mirror is checked every second: who else checks it shows.
      const end = performance.now() + 1_500;
      await waitFor(() => performance.now() > end, { what: "another round" });
      const seen = look();
      const total = seen.reduce((sum, { size }) => sum + size, 0);
      const busy = this.nodes.filter((_, i) => seen[i]!.size > 0);
      const right = total === mirrors && busy.every((node) => nodes.includes(node));
      return right && nodes.map((node) => [...seen[this.nodes.indexOf(node)]!].sort());
    }, { what, timeout: 120_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

function checked(log: string): Set<string> {
  return new Set([...log.matchAll(/Health check of (\S+) \(/g)].map((match) => match[1]!));
}

function union(sets: readonly Set<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
