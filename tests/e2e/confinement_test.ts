import { assert, assertEquals } from "@std/assert";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { LIBC_PATHS } from "../../lib/config/libc_paths.ts";
import { Daemon } from "../support/daemon.ts";
import type { Attempts, Outcomes } from "../support/pry.ts";
import { tempDir } from "../support/temp_dir.ts";
import { writeFile } from "./sample.ts";

const root = new URL("../../", import.meta.url);

/**
 * Writes an import map that puts modules with holes in the place of the program's own. Each imports the
 * one whose place it takes, so that a module which moves is found where it is now.
 */
async function plantHoles(directory: string): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const holes: Record<string, string> = {};
  const originals: Record<string, Record<string, string>> = {};
  for (const name of ["handler", "server"]) {
    const hole = new URL(`tests/support/prying/${name}.ts`, root);
    const [, original] = /^import \* as original from "(.+)";$/m
      .exec(await Deno.readTextFile(hole))!;
    const from = new URL(original!, hole).href;
    holes[from] = hole.href;
    originals[hole.href] = { [from]: from };
  }
  const path = `${directory}/import_map.json`;
  const local = Object.entries(imports as Record<string, string>).flatMap(([name, target]) =>
    target.startsWith("./")
      ? [[name, new URL(target, root).href]]
      // In deno.json a package's name stands for what is below it, too.
      : [[name, target], [`${name}/`, `${target.replace("npm:", "npm:/")}/`]]
  );
  const map = { imports: { ...Object.fromEntries(local), ...holes }, scopes: originals };
  await Deno.writeTextFile(path, JSON.stringify(map));
  return path;
}

Deno.test("a request that gets a thread to do what it wants reads no secret and runs no shell", async () => {
  await using directory = await tempDir();
  const { path } = directory;
  await writeFile(`${path}/repository`, "/file.bin");
  await writeFile(path, "/secret");
  await using daemon = new Daemon({
    directory: `${path}/files`,
    config: {
      Repository: `${path}/repository`,
      DatabasePath: `${path}/state/mirrorbits.db`,
      LogDir: `${path}/files`,
    },
    env: { AWS_SECRET_ACCESS_KEY: "secret" },
  });
  await Deno.mkdir(`${path}/files`);
  daemon.command = [
    Deno.execPath(),
    ...["run", "--quiet", "--no-prompt", "-P=executable"],
    ...["--import-map", await plantHoles(path), `${root.pathname}tests/support/prying/main.ts`],
  ];
  await daemon.start();
  const attempts: Attempts = {
    read: ["/etc/shadow", `${path}/secret`, dirname(path)],
    write: [`${path}/repository/new`, "/etc/cron.d/new", `${path}/secret`],
    run: ["/bin/sh", "sh", "perl", "/usr/bin/env"],
    env: ["AWS_SECRET_ACCESS_KEY"],
    load: ["/usr/lib/other.so"],
  };
  const libraries = LIBC_PATHS.filter((path) => existsSync(path));
  const control = `http://127.0.0.1:${daemon.cliArgs[1]}`;
  const threads = {
    http: `http://${daemon.address}/pry`,
    control: `${control}/pry`,
    main: `${control}/main`,
  };
  for (const [thread, url] of Object.entries(threads)) {
    // The main thread, to which nothing leads, keeps what an upgrade needs.
    const load = thread === "main" ? attempts.load! : [...attempts.load!, ...libraries];
    const outcomes = await askFor(url, { ...attempts, load });
    const done = Object.entries(outcomes).filter(([, outcome]) => outcome !== "NotCapable");
    assertEquals([thread, ...done], [thread]);
    assert(Object.keys(outcomes).length >= 12);
  }
  // The hole is there, and what a thread needs is allowed.
  const file = `${path}/repository/file.bin`;
  assertEquals(await askFor(threads.http, { read: [file] }), { [`read ${file}`]: "done" });
  assertEquals(
    await askFor(threads.http, { write: [`${path}/files/downloads.log`], run: ["rsync"] }),
    { [`write ${path}/files/downloads.log`]: "NotCapable", "run rsync": "NotCapable" },
  );
  assertEquals(await askFor(threads.control, { run: ["rsync"] }), { "run rsync": "done" });
  assertEquals(await askFor(threads.main, { read: [file], run: ["rsync"] }), {
    [`read ${file}`]: "NotCapable",
    "run rsync": "NotCapable",
  });
  assertEquals(await daemon.stop(), 0);
});

async function askFor(url: string, attempts: Attempts): Promise<Outcomes> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(attempts) });
  return await response.json();
}
