import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../lib/daemon/system_clock.ts";
import { EventGatherer, type EventLoss } from "../../lib/monitor/event_gatherer.ts";
import { RepositoryWatcher } from "../../lib/monitor/repository_watcher.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Milliseconds that no other wait takes. */
const LOOK = 5001;

/** A watcher of a real directory that counts what it is told. */
class Watching implements AsyncDisposable {
  readonly log = new MemoryLog();
  told = 0;
  /** The paths that were told; `null`: anything. */
  readonly paths = new Set<string | null>();
  readonly watcher: RepositoryWatcher;

  constructor(readonly root: string, maximum = 1000, loss?: EventLoss) {
    this.watcher = new RepositoryWatcher({
      gather: (options) => new EventGatherer({ ...options, loss, clock: systemClock }),
      onChange: (paths) => {
        this.told++;
        for (const path of paths ?? [null]) this.paths.add(path);
      },
      log: this.log,
      clock: systemClock,
      quiet: 50,
      maximum,
      look: 50,
    });
  }

  follow(
    settings: Partial<{ repositoryScanInterval: number; watchRepository: boolean }> = {},
  ): void {
    this.watcher.follow({
      repository: this.root,
      repositoryScanInterval: 5,
      watchRepository: true,
      ...settings,
    });
  }

  /** Starts to watch, and waits until it does. */
  async start(): Promise<this> {
    this.follow();
    await waitFor(() => this.told === 1, { what: "the watching to begin" });
    return this;
  }

  /** Waits until it is told of a change. */
  async notices(change: () => Promise<unknown>): Promise<void> {
    const before = this.told;
    await change();
    await waitFor(() => this.told > before, { what: "the change to be noticed" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.watcher[Symbol.asyncDispose]();
  }
}

Deno.test("RepositoryWatcher notices files that come, change, move and go, at any depth", async () => {
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/a/b`, { recursive: true });
  await using watching = await new Watching(root.path).start();
  const file = `${root.path}/a/b/file`;
  await watching.notices(() => Deno.writeTextFile(file, "1"));
  await watching.notices(() => Deno.writeTextFile(file, "2"));
  await watching.notices(() => Deno.utime(file, 1, 1));
  await watching.notices(() => Deno.rename(file, `${root.path}/moved`));
  await watching.notices(() => Deno.remove(`${root.path}/moved`));
});

Deno.test("RepositoryWatcher notices what happens in directories that are new", async () => {
  await using root = await tempDir();
  await using watching = await new Watching(root.path).start();
  await watching.notices(() => Deno.mkdir(`${root.path}/new/deep`, { recursive: true }));
  await watching.notices(() => Deno.writeTextFile(`${root.path}/new/deep/file`, ""));
  await watching.notices(() => Deno.rename(`${root.path}/new`, `${root.path}/renamed`));
  await watching.notices(() => Deno.writeTextFile(`${root.path}/renamed/deep/file`, "1"));
  await watching.notices(() => Deno.remove(`${root.path}/renamed`, { recursive: true }));
});

Deno.test("RepositoryWatcher tells of many changes once", async () => {
  await using root = await tempDir();
  await using watching = await new Watching(root.path).start();
  await watching.notices(async () => {
    for (let index = 0; index < 200; index++) await Deno.writeTextFile(`${root.path}/${index}`, "");
  });
  await watching.notices(() => Deno.writeTextFile(`${root.path}/last`, ""));
  // How many times depends on how quickly this machine writes; not once for each.
  assert(watching.told < 200, `${watching.told}`);
});

Deno.test("RepositoryWatcher tells that anything may have changed when there is too much", async () => {
  await using root = await tempDir();
  const loss = { events: 10, within: 1000, silent: false };
  await using watching = await new Watching(root.path, 1000, loss).start();
  watching.paths.clear();
  for (let index = 0; index < 20; index++) await Deno.writeTextFile(`${root.path}/${index}`, "");
  await waitFor(() => watching.paths.has(null), { what: "word of anything" });
  assert(watching.paths.has("/1"), "what is named is told as well");
});

Deno.test("RepositoryWatcher rests longer and longer while a flood of changes goes on", async () => {
  await using root = await tempDir();
  const clock = new FakeClock();
  const pauses: number[] = [];
  // The tenth watching lasts; the one after the flood begins as the first did.
  const lasting = [0, 0, 0, 0, 0, 0, 0, 0, 0, 3000, 0, 0];
  await using watcher = new RepositoryWatcher({
    gather: () => {
      clock.tick(lasting.shift() ?? 0);
      return {
        watch: async () => {},
        ended: Promise.resolve("flood"),
        [Symbol.dispose]: () => {},
      };
    },
    onChange: () => {},
    log: new MemoryLog(),
    clock: {
      ...{ after: clock.after, elapsed: clock.elapsed },
      delay: async (milliseconds, signal) => {
        if (milliseconds === LOOK) return await systemClock.delay(60_000, signal).catch(() => {});
        if (milliseconds > 0) pauses.push(milliseconds);
        if (pauses.length >= 12) await systemClock.delay(60_000, signal);
      },
    },
    look: LOOK,
  });
  watcher.follow({ repository: root.path, repositoryScanInterval: 5, watchRepository: true });
  await waitFor(() => pauses.length >= 12, { what: "twelve floods" });
  assertEquals(
    pauses,
    [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 50, 100, 200],
  );
});

Deno.test("RepositoryWatcher has all looked at once more when a flood is over", async () => {
  await using root = await tempDir();
  const clock = new FakeClock();
  const told: (readonly string[] | null)[] = [];
  let watchings = 0;
  await using watcher = new RepositoryWatcher({
    gather: () => {
      watchings++;
      const ended = Promise.withResolvers<"flood" | "others">();
      if (watchings === 1) ended.resolve("flood");
      return {
        watch: async () => {},
        ended: ended.promise,
        [Symbol.dispose]: () => ended.resolve("others"),
      };
    },
    onChange: (paths) => told.push(paths),
    log: new MemoryLog(),
    clock,
  });
  watcher.follow({ repository: root.path, repositoryScanInterval: 5, watchRepository: true });
  await waitFor(async () => {
    await clock.advance(10);
    return watchings === 2 && told.length === 2;
  }, { what: "the watching after the flood" });
  await clock.advance(10_000);
  assertEquals(told, [null, null, null]);
});

Deno.test("RepositoryWatcher watches anew where events may have been forgotten", async () => {
  await using root = await tempDir();
  const loss = { events: 10, within: 1000, silent: true };
  await using watching = await new Watching(root.path, 1000, loss).start();
  const watchings = (): number =>
    watching.log.lines.filter((line) => line.startsWith("debug: Watching")).length;
  assertEquals(watchings(), 1);
  for (let index = 0; index < 20; index++) await Deno.writeTextFile(`${root.path}/${index}`, "");
  await waitFor(() => watchings() === 2 && watching.paths.has("/1"), { what: "the next watching" });
});

Deno.test("RepositoryWatcher does not tell of reading", async () => {
  await using root = await tempDir();
  for (let index = 0; index < 200; index++) await Deno.writeTextFile(`${root.path}/${index}`, "");
  await using watching = await new Watching(root.path).start();
  for (let index = 0; index < 200; index++) await Deno.readTextFile(`${root.path}/${index}`);
  // The system tells in turn: what it said of the reading came before.
  await watching.notices(() => Deno.writeTextFile(`${root.path}/last`, ""));
  assertEquals([...watching.paths], [null, "/last"]);
});

Deno.test("RepositoryWatcher follows no links", async () => {
  await using root = await tempDir();
  await using outside = await tempDir();
  await Deno.symlink(outside.path, `${root.path}/link`);
  await Deno.symlink("..", `${outside.path}/loop`);
  await using watching = await new Watching(root.path, 1).start();
  assertEquals(watching.log.lines.filter((line) => line.startsWith("warn")), []);
});

Deno.test("RepositoryWatcher watches around what cannot be read", async () => {
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/open`);
  // A name that is not UTF-8 leads nowhere, as it is read here.
  const args = ["-c", `mkdir "$(printf 'bad\\377name')"`];
  await new Deno.Command("sh", { args, cwd: root.path }).output();
  await using watching = await new Watching(root.path).start();
  await watching.notices(() => Deno.writeTextFile(`${root.path}/open/file`, ""));
  assertEquals(watching.log.lines.filter((line) => line.startsWith("warn")), []);
});

Deno.test("RepositoryWatcher notices that a link leads elsewhere, and that a directory comes back", async () => {
  await using root = await tempDir();
  for (const name of ["one", "two"]) await Deno.mkdir(`${root.path}/${name}`);
  const link = `${root.path}/link`;
  await Deno.symlink("one", link);
  await using watching = await new Watching(link).start();
  await watching.notices(async () => {
    await Deno.symlink("two", `${root.path}/next`);
    await Deno.rename(`${root.path}/next`, link);
  });
  await watching.notices(() => Deno.writeTextFile(`${root.path}/two/file`, ""));

  await Deno.remove(link);
  const warning = (): boolean => watching.log.lines.some((line) => line.startsWith("warn"));
  await waitFor(warning, { what: "the warning" });
  await watching.notices(() => Deno.symlink("one", link));
  await watching.notices(() => Deno.writeTextFile(`${root.path}/one/file`, ""));
  assertEquals(watching.log.lines.filter((line) => line.startsWith("warn")).length, 1);
});

Deno.test("RepositoryWatcher says once that it cannot watch", async () => {
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/a`);
  await using watching = new Watching(root.path, 1);
  watching.follow();
  const line = `warn: Cannot watch the repository "${root.path}", it is scanned in intervals: ` +
    "it has more than 1 directories";
  await waitFor(() => watching.log.lines.includes(line), { what: "the warning" });
  await using missing = new Watching(`${root.path}/missing`);
  missing.follow();
  await waitFor(() => missing.log.lines.length === 1, { what: "the other warning" });
  assert(missing.log.lines[0]!.includes("No such file"), missing.log.lines[0]);
  assertEquals([watching.told, missing.told], [0, 0]);
});

Deno.test("RepositoryWatcher does what the configuration says now", async () => {
  await using root = await tempDir();
  await using watching = new Watching(root.path);
  const begins = async (time: number): Promise<void> => {
    watching.follow();
    const begun = (): number =>
      watching.log.lines.filter((line) => line.startsWith("debug: Watching")).length;
    await waitFor(() => begun() === time, { what: `the watching to begin ${time} times` });
  };
  watching.follow({ watchRepository: false });
  watching.follow({ repositoryScanInterval: 0 });
  await begins(1);
  watching.follow({ watchRepository: false });
  await begins(2);
  watching.follow({ repositoryScanInterval: 0 });
  await begins(3);
  assertEquals(watching.told, 3);
  await watching.notices(() => Deno.writeTextFile(`${root.path}/seen`, ""));
});

Deno.test("RepositoryWatcher notices what happens in directories that went and came back", async () => {
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/dists/deep`, { recursive: true });
  await using watching = await new Watching(root.path).start();
  const tellsOf = async (path: string): Promise<void> => {
    const file = root.path + path;
    await waitFor(async () => {
      await Deno.writeTextFile(file, "text");
      return watching.paths.has(path);
    }, { what: `word of ${path}` });
  };
  // Removed and made anew.
  await watching.notices(() => Deno.remove(`${root.path}/dists`, { recursive: true }));
  await watching.notices(() => Deno.mkdir(`${root.path}/dists/deep`, { recursive: true }));
  watching.paths.clear();
  await tellsOf("/dists/deep/anew");
  // Another put in its place, as programs publish that write a whole directory.
  await Deno.mkdir(`${root.path}/next/deep`, { recursive: true });
  watching.paths.clear();
  await tellsOf("/next/deep/before");
  await Deno.rename(`${root.path}/dists`, `${root.path}/former`);
  await Deno.rename(`${root.path}/next`, `${root.path}/dists`);
  watching.paths.clear();
  await tellsOf("/dists/deep/switched");
  await tellsOf("/former/deep/moved");
});
