import { assert, assertEquals } from "@std/assert";

const root = new URL("../", import.meta.url);

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
    if (!specifier.startsWith(".")) return { from: file, to: specifier };
    return { from: file, to: new URL(specifier, new URL(file, root)).href.slice(root.href.length) };
  });
}

const files = [
  "main.ts",
  "mod.ts",
  ...await sourceFiles("lib/"),
  ...await sourceFiles("cli/"),
];
const imports = (await Promise.all(files.map(importsOf))).flat();

const PURE = ["geo", "net", "catalog", "selection"];
const PORTS = [
  "lib/store/store.ts",
  "lib/store/download_journal.ts",
  "lib/geoip/resolver.ts",
  "lib/scan/lister.ts",
  "lib/log/log.ts",
  "lib/log/message_of.ts",
  "lib/stats/recorder.ts",
  "lib/config/config.ts",
  "lib/net/address_range.ts",
  "lib/config/next_socket_path.ts",
  "lib/config/page_templates.ts",
  "lib/config/require_permission.ts",
  "lib/version.ts",
];
const SERVICES = ["scan", "monitor", "http", "stats", "control"];
const ROOTS = [
  "lib/daemon/confined_daemon.ts",
  "lib/daemon/control_side.ts",
  "lib/daemon/daemon.ts",
  "lib/daemon/handover.ts",
  "lib/daemon/http_front.ts",
  "lib/daemon/http_worker.ts",
  "lib/daemon/open_store.ts",
  "lib/daemon/run_daemon.ts",
  "lib/daemon/service.ts",
  "lib/daemon/store_copy.ts",
];
const ADAPTERS = /^lib\/(store\/(redis|sqlite)\/|geoip\/(?!resolver\.ts))/;

const folderOf = (path: string): string => /^lib\/([^/]+)\//.exec(path)?.[1] ?? "";

function offences(breaks: (item: Import) => boolean): string[] {
  return imports.filter(breaks).map(({ from, to }) => `${from} imports ${to}`);
}

Deno.test("the import rules see the whole source", () => {
  assert(files.length > 50, `Only ${files.length} files found`);
  assert(imports.some(({ from, to }) => from.startsWith("lib/store/redis/") && to === "ioredis"));
});

Deno.test("geo, catalog and selection import nothing but each other", () => {
  assertEquals(
    offences(({ from, to }) => PURE.includes(folderOf(from)) && !PURE.includes(folderOf(to))),
    [],
  );
});

Deno.test("ports import pure types only", () => {
  const ports = ["lib/store/store.ts", "lib/geoip/resolver.ts", "lib/scan/lister.ts"];
  assertEquals(
    offences(({ from, to }) => ports.includes(from) && !PURE.includes(folderOf(to))),
    [],
  );
});

Deno.test("services import pure modules, ports, libraries and their own folder", () => {
  assertEquals(
    offences(({ from, to }) =>
      SERVICES.includes(folderOf(from)) && to.startsWith("lib/") &&
      !PURE.includes(folderOf(to)) && !PORTS.includes(to) && folderOf(to) !== folderOf(from)
    ),
    [],
  );
});

Deno.test("only the composition roots name adapters", () => {
  assertEquals(
    offences(({ from, to }) =>
      ADAPTERS.test(to) && !ROOTS.includes(from) && folderOf(from) !== folderOf(to)
    ),
    [],
  );
});

Deno.test("cli imports the control client, the configuration and the daemon, and only main imports cli", () => {
  const allowed = /^lib\/(control|config|catalog|geo|daemon)\/|^lib\/version\.ts$/;
  assertEquals(
    offences(({ from, to }) =>
      from.startsWith("cli/") && to.startsWith("lib/") && !allowed.test(to)
    ),
    [],
  );
  assertEquals(
    offences(({ from, to }) =>
      to.startsWith("cli/") && !from.startsWith("cli/") && from !== "main.ts"
    ),
    [],
  );
});

Deno.test("the library reads no global clock, randomness or environment", async () => {
  const globals = /\b(Math\.random|Date\.now|performance\.now)\(|new Date\(\)|Deno\.env\b/;
  const found: string[] = [];
  for (const file of files) {
    if (!file.startsWith("lib/") || ROOTS.includes(file)) continue;
    const code = (await Deno.readTextFile(new URL(file, root))).replaceAll(
      /^\s*(\*|\/\/).*$/gm,
      "",
    );
    if (globals.test(code)) found.push(file);
  }
  assertEquals(found, []);
});
