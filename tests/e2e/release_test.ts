import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Daemon } from "../support/daemon.ts";
import { RedisServer } from "../support/redis_server.ts";
import { RsyncDaemon } from "../support/rsync_daemon.ts";
import { RangeServer } from "../support/range_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** A source with two mirrors and a fallback; with Redis, two nodes. */
class ReleaseStand implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;

  private constructor(
    readonly repository: string,
    readonly trees: readonly string[],
    readonly mirrors: readonly RangeServer[],
    readonly fallback: RangeServer,
    readonly nodes: readonly [Daemon, ...Daemon[]],
    resources: AsyncDisposableStack,
  ) {
    this.#resources = resources;
  }

  static async start(store: "embedded" | "redis"): Promise<ReleaseStand> {
    await using resources = new AsyncDisposableStack();
    const { path } = resources.use(await tempDir());
    const [repository, ...trees] = ["repository", "a", "b"].map((name) => `${path}/${name}`) as [
      string,
      ...string[],
    ];
    for (const tree of [repository, ...trees]) {
      await Deno.mkdir(`${tree}/r/1.0`, { recursive: true });
      await write(`${tree}/r/1.0/app-1.0.zip`, "one", 1_700_000_000);
    }
    const mirrors = trees.map((tree) => resources.use(new RangeServer(tree)));
    const fallback = resources.use(new RangeServer(repository));
    const rsync = resources.use(await RsyncDaemon.start({ a: trees[0]!, b: trees[1]! }));
    const redis = store === "redis" ? resources.use(await RedisServer.start()) : null;
    const nodes: Daemon[] = [];
    for (const name of redis === null ? ["n1"] : ["n1", "n2"]) {
      await Deno.mkdir(`${path}/${name}`);
      const node = resources.use(
        new Daemon({
          directory: `${path}/${name}`,
          config: {
            Repository: repository,
            ...redis === null ? {} : { RedisAddress: `127.0.0.1:${redis.port}` },
            RepositoryScanInterval: 0,
            WatchRepository: false,
            ScanInterval: 0,
            Fallbacks: [{ URL: fallback.url }],
            Embargo: [{ Prefix: "/r/", Mirrors: 2, For: "2h" }],
            Latest: [{ Path: "/latest.zip", Pattern: "/r/{version}/app-{version}.zip" }],
          },
        }),
      );
      nodes.push(node);
      await node.start();
    }
    const [first] = nodes as [Daemon];
    await first.ok("refresh");
    for (const [i, name] of ["a", "b"].entries()) {
      await first.ok("add", "-http", mirrors[i]!.url, "-rsync", rsync.url(name), name);
      await first.ok("enable", name);
    }
    await waitFor(async () => ((await first.ok("list")).match(/ up\b/g)?.length ?? 0) === 2, {
      what: "both mirrors to be up",
    });
    const all = nodes as [Daemon, ...Daemon[]];
    return new ReleaseStand(repository, trees, mirrors, fallback, all, resources.move());
  }

  /** Asks every node. @returns status, and where to, of each */
  async ask(target: string): Promise<string[]> {
    return await Promise.all(this.nodes.map(async (node) => {
      const response = await node.get(target);
      await response.body?.cancel();
      return `${response.status} ${response.headers.get("location") ?? ""}`;
    }));
  }

  /** Waits until every node answers so. */
  async until(target: string, expected: (answer: string) => boolean): Promise<void> {
    let answers: string[] = [];
    await waitFor(async () => (answers = await this.ask(target)).every(expected), {
      what: `every node to answer ${target} as wanted`,
    }).catch((error) => {
      throw new Error(`${answers.join(", ")}`, { cause: error });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

async function write(path: string, text: string, seconds: number): Promise<void> {
  await Deno.writeTextFile(path, text);
  await Deno.utime(path, seconds, seconds);
}

for (const store of ["embedded", "redis"] as const) {
  Deno.test(`a release is held, brought out and followed, with the ${store} store`, async () => {
    await using stand = await ReleaseStand.start(store);
    const { repository, trees, mirrors, fallback, nodes: [node] } = stand;
    const said = await node.ok("sync");
    assertEquals(said.match(/files indexed/g)?.length, 2, said);
    const urls = mirrors.map(({ url }) => url);
    const byMirror = (answer: string): boolean => urls.some((url) => answer.includes(url));
    await stand.until("/r/1.0/app-1.0.zip", byMirror);
    await stand.until("/latest.zip?x=1", (answer) => answer === "302 /r/1.0/app-1.0.zip?x=1");

    // Held before it is there.
    assertStringIncludes(
      await node.ok("hold", "-for", "192.0.2.0/24", "/r/2.0/"),
      "only redirects",
    );
    const path = "/r/2.0/app-2.0.zip";
    await Deno.mkdir(`${repository}/r/2.0`);
    await write(`${repository}${path}`, "two", 1_700_000_100);
    await node.ok("refresh");
    await stand.until(path, (answer) => answer.startsWith("404"));
    assertEquals(await stand.ask("/r/2.0/?mirrors"), stand.nodes.map(() => "404 "));
    const tester = await node.get(path, { "X-Forwarded-For": "192.0.2.9" });
    assertEquals(tester.headers.get("location"), `${fallback.url}r/2.0/app-2.0.zip`);
    assertStringIncludes(await node.ok("hold"), "/r/2.0 since");
    assertStringIncludes(await node.ok("release", "/r/2.0/"), "Released");
    assertEquals((await node.cli("release", "/r/2.0/")).code, 1);

    // It waits for two mirrors.
    await stand.until(path, (answer) => answer.includes(fallback.url));
    const waiting = node.cli("rollout", "-wait", "100%", "-timeout", "60s", path);
    const first = JSON.parse(await node.ok("rollout", "-json", path));
    assertEquals([first.have, first.mirrors.length], [0, 2]);
    for (const [i, tree] of trees.entries()) {
      await Deno.mkdir(`${tree}/r/2.0`);
      await write(`${tree}${path}`, "two", 1_700_000_100);
      const scanned = await node.ok("sync", ["a", "b"][i]!);
      assertEquals(scanned.match(/files indexed/g)?.length, 1, scanned);
      if (i > 0) break;
      assertEquals((await node.cli("rollout", "-wait", "80%", "-timeout", "1s", path)).code, 1);
      await stand.until(path, (answer) => answer.includes(fallback.url));
      await stand.until("/latest.zip", (answer) => answer === "302 /r/1.0/app-1.0.zip");
    }
    await stand.until(path, byMirror);
    await stand.until("/latest.zip", (answer) => answer === "302 /r/2.0/app-2.0.zip");
    const { code, stdout } = await waiting;
    assertEquals(code, 0, stdout);
    assertStringIncludes(stdout, "mirrors: 2 of 2 (100 %)");
    await waitFor(async () => {
      const { curve } = JSON.parse(await node.ok("rollout", "-json", path));
      return curve.at(-1)?.have === 2;
    }, { what: "the curve to end with both mirrors" });
    for (const one of stand.nodes) {
      const page = await one.get(`${path}?rollout`, { Accept: "text/html" });
      const text = await page.text();
      assert(text.includes("2 of 2 mirrors") && /<svg [^>]*viewBox/.test(text), text);
    }
    assertStringIncludes(await node.ok("rollout", "/r"), "mirrors: 2 of 2");
    assertEquals((await node.cli("rollout", "/nothing")).code, 1);
  });
}
