import { assertEquals } from "@std/assert";
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
      assertEquals(await repositoryDisk.lookup(base, path), { type, path: found });
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
