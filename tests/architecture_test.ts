import { assert, assertEquals } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };

const root = new URL("../", import.meta.url);

/**
 * Who may import whom: each room with the rooms that it may import. A room is a folder (below `lib/` unless
 * it begins with `cli`) without the rooms below it, or a single file: an entry, or a port that stands
 * beside its adapters. What is in no row belongs to no room, and fails.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["cli/program.ts", "cli/deno_environment.ts"],
  "mod.ts": [
    ...[
      "catalog",
      "catalog/settings",
      "config",
      "geo",
      "geoip",
      "geoip/resolver.ts",
      "log",
      "net",
      "scan/lister.ts",
    ],
    ...["selection", "store", "version.ts"],
  ],

  // The command line: the client of the control API, the configuration, and the daemon to start.
  "cli/deno_environment.ts": ["cli", "cli/terminal", "config", "daemon", "std"],
  "cli/program.ts": ["cli", "cli/commands.ts", "cli/terminal", "control", "version.ts"],
  "cli/commands.ts": ["cli", "cli/commands"],
  "cli/commands": [
    ...["catalog", "catalog/settings", "cli", "cli/fronts", "cli/terminal", "config", "control"],
    ...["control/api", "daemon", "version.ts"],
  ],
  cli: [
    ...["catalog", "catalog/settings", "cli/terminal", "clock", "config", "control", "control/api"],
    ...["daemon", "log", "std", "version.ts"],
  ],
  "cli/fronts": ["config", "net"],
  "cli/terminal": ["catalog", "log", "std"],

  // Puts everything together: the only room that names adapters.
  daemon: [
    ...["catalog", "worker"],
    ...["clock", "config", "control", "control/api", "geoip", "geoip/resolver.ts", "http/pages"],
    ...[
      "geoip/update",
      "http/answer",
      "http/request",
      "http/threads",
      "log",
      "monitor",
      "notify",
      "process",
      "scan",
      "scan/http",
    ],
    ...["scan/lister.ts"],
    ...["release", "selection", "sets", "stats", "stats/metrics", "std", "store", "store/cache"],
    ...["store/redis", "store/sqlite", "store/transfer", "upgrade", "version.ts"],
  ],

  // Services: they know ports, not what stands behind them.
  upgrade: [
    ...["clock", "config", "control/api", "http/threads", "log", "process", "stats", "worker"],
  ],
  control: [
    ...[
      "catalog",
      "catalog/settings",
      "clock",
      "config",
      "control/api",
      "geoip/resolver.ts",
      "log",
      "net",
      "selection",
      "stats",
      "store",
      "worker",
    ],
  ],
  "control/api": ["catalog", "catalog/settings", "clock", "config", "version.ts"],
  "http/threads": [
    ...["catalog", "clock", "config", "geoip/resolver.ts", "http/answer"],
    ...["http/request", "log", "net", "selection", "stats", "store", "store/cache"],
  ],
  "http/answer": [
    ...[
      "catalog",
      "clock",
      "geoip/resolver.ts",
      "http/pages",
      "http/render",
      "http/request",
      "log",
      "selection",
      "stats",
    ],
    "store",
  ],
  "http/pages": [
    ...[
      "catalog",
      "clock",
      "config",
      "geo",
      "http/pages/words",
      "http/render",
      "http/request",
      "log",
      "selection",
      "worker",
    ],
  ],
  "http/pages/words": ["catalog", "config", "http/render", "http/request"],
  "http/render": [
    ...["catalog", "clock", "config", "geo", "http/request", "net", "selection", "stats", "std"],
    "worker",
  ],
  "http/request": [
    ...[
      "catalog",
      "clock",
      "config",
      "geo",
      "geoip/resolver.ts",
      "net",
      "selection",
      "std",
      "store",
      "store/cache",
    ],
  ],
  "scan/http": ["catalog", "clock", "log", "net", "scan", "scan/lister.ts", "std", "version.ts"],
  notify: [
    ...["catalog", "clock", "config", "log", "monitor", "stats", "store", "version.ts", "worker"],
  ],
  monitor: ["catalog", "clock", "config", "log", "net", "store", "version.ts", "worker"],
  scan: [
    "catalog",
    "clock",
    "config",
    "log",
    "net",
    "scan/lister.ts",
    "std",
    "store",
    "version.ts",
    "worker",
  ],
  release: ["catalog", "clock", "config", "log", "store"],
  sets: ["catalog", "clock", "config", "log", "selection", "store", "worker"],
  "stats/metrics": ["catalog", "geo", "selection", "stats"],
  stats: ["catalog", "clock", "config", "geo", "log", "net", "selection", "store", "worker"],
  process: ["clock", "config", "log"],
  "geoip/update": ["clock", "config", "geoip", "log", "worker"],
  geoip: ["clock", "config", "geo", "geoip/resolver.ts", "log", "net"],
  config: ["catalog", "geo", "log", "net", "std"],

  // Stores.
  "store/redis": ["catalog", "catalog/settings", "clock", "log", "net", "store", "store/transfer"],
  "store/sqlite": [
    "catalog",
    "catalog/settings",
    "clock",
    "log",
    "std",
    "store",
    "store/transfer",
    "worker",
  ],
  "store/cache": ["catalog", "clock", "store"],
  "store/transfer": ["catalog", "store"],

  // Ports: pure types and nothing else.
  store: ["catalog"],
  "geoip/resolver.ts": ["geo"],
  "scan/lister.ts": ["catalog"],
  log: [],
  clock: [],
  worker: [],

  // Pure.
  selection: ["catalog", "catalog/settings", "geo", "net"],
  "catalog/settings": ["catalog", "net"],
  catalog: ["geo", "net"],
  geo: [],
  net: [],

  // The standard library by its names: adapters over libraries.
  std: [],
  "version.ts": [],
};

/** One import: who, and what, both relative to the project's root; packages by their bare name. */
interface Import {
  readonly from: string;
  readonly to: string;
}

async function sourceFiles(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(new URL(directory, root))) {
    if (entry.isDirectory) found.push(...await sourceFiles(`${directory}${entry.name}/`));
    else if (entry.name.endsWith(".ts")) found.push(`${directory}${entry.name}`);
  }
  return found;
}

async function importsOf(file: string): Promise<Import[]> {
  const text = await Deno.readTextFile(new URL(file, root));
  const code = text.replaceAll(/^\s*\*.*$/gm, "");
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s[^"';]*?from\s*"([^"]+)"|^import\s*"([^"]+)"|import\(\s*"([^"]+)"/gm;
  return [...code.matchAll(pattern)].map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3])!;
    return { from: file, to: pathOf(specifier, file) };
  });
}

/** Names of the import map that stand for a file of ours are that file. */
function pathOf(specifier: string, file: string): string {
  const mapped = (manifest.imports as Record<string, string>)[specifier] ?? "";
  if (mapped.startsWith("./")) return mapped.slice(2);
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, new URL(file, root)).href.slice(root.href.length);
}

/** The room of a file: the most narrow one; `null` when it is in none. */
function roomOf(path: string): string | null {
  let room = path.replace(/^lib\//, "");
  if (Object.hasOwn(ROOMS, room)) return room;
  room = room.slice(0, Math.max(0, room.lastIndexOf("/")));
  return Object.hasOwn(ROOMS, room) ? room : null;
}

/**
 * Finds a circle among things that point at others.
 *
 * @returns the things on it, the first once more at the end; `null` when there is none
 */
function circleIn(arrows: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (thing: string, path: readonly string[]): string[] | null => {
    if (path.includes(thing)) return [...path.slice(path.indexOf(thing)), thing];
    if (done.has(thing)) return null;
    for (const next of arrows.get(thing) ?? []) {
      const circle = visit(next, [...path, thing]);
      if (circle) return circle;
    }
    done.add(thing);
    return null;
  };
  for (const thing of arrows.keys()) {
    const circle = visit(thing, []);
    if (circle) return circle;
  }
  return null;
}

const files = [
  "main.ts",
  "mod.ts",
  ...await sourceFiles("lib/"),
  ...await sourceFiles("cli/"),
];
const imports = (await Promise.all(files.map(importsOf))).flat();
const own = imports.filter(({ to }) => /^(lib|cli)\/.*\.ts$|^(main|mod)\.ts$/.test(to));

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*(\*|\/\/).*$/gm, "");
}

Deno.test("the import rules see the whole source", () => {
  assert(files.length > 50, `Only ${files.length} files found`);
  assert(imports.some(({ from, to }) => from.startsWith("lib/store/redis/") && to === "ioredis"));
  assert(own.some(({ to }) => to.startsWith("lib/std/")));
});

Deno.test("every file is in a room, and every room has files", () => {
  assertEquals(files.filter((file) => roomOf(file) === null), []);
  const rooms = new Set(files.map(roomOf));
  assertEquals(Object.keys(ROOMS).filter((room) => !rooms.has(room)), []);
});

Deno.test("files import the rooms that stand in the row of theirs", () => {
  const offences = own.filter(({ from, to }) => {
    const [room, imported] = [roomOf(from)!, roomOf(to)!];
    return room !== imported && !ROOMS[room]!.includes(imported);
  });
  assertEquals(offences.map(({ from, to }) => `${from} imports ${to}`), []);
});

Deno.test("each import that a row allows is one that a file of the room has", () => {
  const used = new Set(own.map(({ from, to }) => `${roomOf(from)} imports ${roomOf(to)}`));
  const allowed = Object.entries(ROOMS)
    .flatMap(([room, others]) => others.map((other) => `${room} imports ${other}`));
  assertEquals(allowed.filter((arrow) => !used.has(arrow)), []);
});

Deno.test("rooms import each other in no circle", () => {
  assertEquals(circleIn(new Map(Object.entries(ROOMS))), null);
  const unknown = Object.values(ROOMS).flat().filter((room) => !Object.hasOwn(ROOMS, room));
  assertEquals(unknown, []);
});

Deno.test("files import each other in no circle", () => {
  const arrows = Map.groupBy(own, ({ from }) => from);
  const files = [...arrows].map(([from, list]): [string, string[]] => [
    from,
    list.map(({ to }) => to).filter((to) => to !== from),
  ]);
  assertEquals(circleIn(new Map(files)), null);
});

Deno.test("a circle is found", () => {
  const arrows = new Map([["a", ["b"]], ["b", ["c", "d"]], ["d", ["b"]]]);
  assertEquals(circleIn(arrows), ["b", "d", "b"]);
  assertEquals(circleIn(new Map([["a", ["b", "c"]], ["b", ["c"]]])), null);
});

Deno.test("the library reads no global clock, randomness or environment", async () => {
  const globals = /\b(Math\.random|Date\.now|performance\.now)\(|new Date\(\)|Deno\.env\b/;
  const found: string[] = [];
  for (const file of files) {
    if (!file.startsWith("lib/") || file.startsWith("lib/daemon/")) continue;
    if (globals.test(withoutComments(await Deno.readTextFile(new URL(file, root))))) {
      found.push(file);
    }
  }
  assertEquals(found, []);
});

/** Files that give the event loop a turn and wait for nothing: a clock that stands must not stop them. */
const OWN_TIMERS: ReadonlySet<string> = new Set([
  "lib/scan/breather.ts",
  "lib/store/sqlite/time_slice.ts",
]);

Deno.test("the library waits on the clock that it is given", async () => {
  const timers = /\b(setTimeout|setInterval|clearTimeout|clearInterval)\(|AbortSignal\.timeout\(/;
  const found: string[] = [];
  for (const file of files) {
    if (!file.startsWith("lib/") || file === "lib/daemon/system_clock.ts") continue;
    const code = withoutComments(await Deno.readTextFile(new URL(file, root)))
      // A socket's own limit is no timer of ours.
      .replaceAll(/\.setTimeout\(/g, "");
    if (timers.test(code)) found.push(file);
  }
  assertEquals(found.toSorted(), [...OWN_TIMERS].toSorted());
});
