import { setImmediate } from "node:timers/promises";
import { assert, assertEquals } from "@std/assert";
import { DiskAnswers } from "../../../lib/http/request/disk_answers.ts";
import type { DiskAnswer } from "../../../lib/http/request/repository.ts";
import { repositoryDisk } from "../../../lib/http/request/repository_disk.ts";
import { tempDir } from "../../support/temp_dir.ts";

Deno.test("repositoryDisk tells files, directories, links and what lies outside", async () => {
  await using directory = await tempDir();
  const root = `${directory.path}/repo`;
  await Deno.mkdir(`${root}/pool`, { recursive: true });
  await Deno.writeTextFile(`${root}/pool/a b.iso`, "x");
  await Deno.writeTextFile(`${directory.path}/secret`, "x");
  await Deno.mkdir(`${directory.path}/repo-other`);
  await Deno.writeTextFile(`${directory.path}/repo-other/file`, "x");
  const links = {
    file: "pool/a b.iso",
    dir: "pool",
    top: ".",
    out: "../secret",
    sibling: "../repo-other",
    dangling: "nowhere",
    loop: "loop",
  };
  for (const [name, target] of Object.entries(links)) await Deno.symlink(target, `${root}/${name}`);
  await Deno.symlink("repo", `${directory.path}/linked`);
  const cases: readonly (readonly [string, DiskAnswer["type"], string])[] = [
    ["/", "directory", "/"],
    ["/pool", "directory", "/pool"],
    ["/pool/a b.iso", "file", "/pool/a b.iso"],
    ["/file", "file", "/pool/a b.iso"],
    ["/dir/a b.iso", "file", "/pool/a b.iso"],
    ["/dir", "directory", "/pool"],
    ["/top", "directory", "/"],
    ["/top/top/file", "file", "/pool/a b.iso"],
    ["/out", "outside", "/out"],
    ["/sibling/file", "outside", "/sibling/file"],
    ["/dangling", "missing", "/dangling"],
    ["/loop", "missing", "/loop"],
    ["/nope", "missing", "/nope"],
    ["/file/below", "missing", "/file/below"],
    [`/${"x".repeat(300)}`, "missing", `/${"x".repeat(300)}`],
  ];
  for (const base of [root, `${directory.path}/linked`]) {
    for (const [path, type, found] of cases) {
      const { file, ...answer } = await repositoryDisk.lookup(base, path);
      assertEquals(answer, { type, path: found });
      assertEquals(file?.size, type === "file" ? 1 : undefined);
    }
  }
  assertEquals((await repositoryDisk.lookup(`${directory.path}/gone`, "/x")).type, "missing");
});

Deno.test("DiskAnswers shares a running look-up, and forgets it when told", async () => {
  let lookups = 0;
  const answers = new DiskAnswers(
    {
      lookup: (_root, path) => {
        lookups++;
        return Promise.resolve({ type: "missing", path });
      },
      oddNames: () => Promise.resolve(new Map()),
    },
    () => "/",
    () => 0,
  );
  await Promise.all([answers.load("/a"), answers.load("/a")]);
  assertEquals(lookups, 1);
  assertEquals(answers.peek("/a")?.type, "missing");
  const late = answers.load("/b");
  answers.clear();
  await late;
  assertEquals([answers.peek("/a"), answers.peek("/b")], [undefined, undefined]);
});

Deno.test({
  name: "DiskAnswers finds names on disk that are not UTF-8, by the directory that lists them",
  // Deno before 2.6 leaves such names out of what it lists.
  ignore: Deno.version.deno.startsWith("2.5."),
  fn: async () => {
    await using directory = await tempDir();
    const root = `${directory.path}/repo`;
    await Deno.mkdir(`${root}/pool`, { recursive: true });
    await Deno.mkdir(`${directory.path}/other`);
    await Deno.symlink("pool", `${root}/linked`);
    await Deno.symlink("../other", `${root}/out`);
    const script = "for at in . pool ../other; do printf x > $at/$(printf 'caf\\351.txt'); " +
      "mkdir $at/$(printf 'dir\\351'); done";
    await new Deno.Command("sh", { args: ["-c", script], cwd: root }).output();
    const answers = new DiskAnswers(repositoryDisk, () => root, () => 0);
    const cases: readonly (readonly [string, DiskAnswer["type"], string?])[] = [
      ["/caf\udce9.txt", "file"],
      ["/pool/caf\udce9.txt", "file"],
      ["/linked/caf\udce9.txt", "file", "/pool/caf\udce9.txt"],
      ["/pool/dir\udce9", "directory"],
      ["/linked/dir\udce9/x", "file", "/pool/dir\udce9/x"],
      ["/caf\udce9.txt/x", "missing"],
      ["/caf\udce9\udce9.txt", "missing"],
      ["/cafe\udce9.txt", "missing"],
      ["/nope/caf\udce9.txt", "missing"],
      ["/out/caf\udce9.txt", "outside"],
    ];
    for (const [path, type, found = path] of cases) {
      assertEquals(await answers.loadOdd(path), { type, path: found });
      assertEquals(answers.peek(path)?.type, type);
    }
  },
});

Deno.test("DiskAnswers lists a directory once for all who ask for names that are not UTF-8", async () => {
  let listed = 0;
  let now = 0;
  const names = new Map(Array.from({ length: 30_000 }, (_, n) => [`\ufffd${n}`, "file"] as const));
  const answers = new DiskAnswers(
    {
      lookup: (_root, path) => Promise.resolve({ type: "directory", path }),
      oddNames: () => {
        listed++;
        return Promise.resolve(names);
      },
    },
    () => "/",
    () => now,
  );
  await Promise.all([1, 2, 3].map((n) => answers.loadOdd(`/a/\udce9${n}`)));
  assertEquals((await answers.loadOdd("/a/\udce94")).type, "file");
  assertEquals(listed, 1);
  // The names of two such directories are more than are remembered.
  await answers.loadOdd("/b/\udce91");
  await answers.loadOdd("/b/\udce92");
  assertEquals(listed, 2);
  await answers.loadOdd("/a/\udce95");
  assertEquals(listed, 3);
  now = 60_000;
  await answers.loadOdd("/a/\udce96");
  assertEquals(listed, 4);
});

Deno.test("repositoryDisk.list() gives names in order, links followed, and lets others have their turn", async () => {
  await using root = await tempDir();
  await Deno.mkdir(`${root.path}/pool/sub`, { recursive: true });
  for (let i = 0; i < 2_000; i++) Deno.writeTextFileSync(`${root.path}/pool/f${i}`, "x");
  await Deno.symlink("f7", `${root.path}/pool/link`);
  let turns = 0;
  let open = true;
  const others = (async () => {
    for (; open; turns++) await setImmediate();
  })();
  const entries = await repositoryDisk.list(root.path, "/pool");
  const during = turns;
  open = false;
  await others;
  assertEquals(entries.length, 2_002);
  assertEquals(entries.map(({ name }) => name), entries.map(({ name }) => name).toSorted());
  const link = entries.find(({ name }) => name === "link")!;
  assertEquals([link.path, link.type, link.size], ["/pool/f7", "file", 1]);
  assertEquals(entries.find(({ name }) => name === "sub")?.type, "directory");
  assert(during >= 7, `${during} turns`);
});

Deno.test({
  name: "repositoryDisk lists where the size of a directory is not that of its names, too",
  // A file system in memory, as most systems with Linux have one.
  ignore: Deno.build.os !== "linux" || !isDirectory("/dev/shm"),
  fn: async () => {
    await using directory = await tempDir("mirrorbits-list-", "/dev/shm");
    const names = Array.from({ length: 600 }, (_, index) => `file-${index}`).sort();
    for (const name of names) await Deno.writeTextFile(`${directory.path}/${name}`, "x");
    const entries = await repositoryDisk.list(directory.path, "/");
    assertEquals(entries.map(({ name }) => name), names);
  },
});

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
