/**
 * Makes the executable: `deno task compile` makes `dist/mirrorbits` for this machine. The Deno that
 * compiles is the one that runs this, or the one that the environment variable DENO_FOR_COMPILE
 * names. With `-otel` it makes `dist/mirrorbits-otel`, in which OpenTelemetry is on.
 *
 * @module
 */
import { V8_FLAGS } from "../../lib/config/v8_flags.ts";
import { bundle, MAIN, SEPARATE_PACKAGES, THREADS } from "./bundle.ts";
import { denoMessage } from "./deno_message.ts";

const root = new URL("../../", import.meta.url).pathname;

/** What to make. */
export interface CompileOptions {
  /** Path of the executable. */
  readonly output: string;
  /** A target as Deno names it: `aarch64-apple-darwin`. Default: this machine. */
  readonly target?: string;
  /** The Deno that compiles. */
  readonly deno?: string;
  /** Whether OpenTelemetry is on in it, which some releases of Deno fix at this time. Default: it is not. */
  readonly telemetry?: boolean;
}

/** How it went. */
export interface CompileResult {
  /** Bytes of the executable; 0: it could not be made. */
  readonly size: number;
  /** What Deno said. */
  readonly output: string;
}

/** What helps where Deno cannot compile. */
export const BASE_HINT: string =
  "Deno downloads the base of an executable from dl.deno.land; where that cannot be reached, " +
  "DENORT_BIN names a base, and DENO_FOR_COMPILE a Deno of the same release";

/** A package as `deno info` tells it. */
interface ListedPackage {
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

/** What `deno info` tells. */
interface ModuleGraph {
  readonly modules: readonly { readonly specifier: string }[];
  readonly npmPackages: Readonly<Record<string, ListedPackage>>;
}

/** The Deno to compile with. */
export function denoForCompile(): string {
  return Deno.env.get("DENO_FOR_COMPILE") || Deno.execPath();
}

/** Makes an executable with everything in it that the program reaches, and nothing else. */
export async function compile(
  { output, target, deno = denoForCompile(), telemetry = false }: CompileOptions,
): Promise<CompileResult> {
  const left = await unneeded();
  await Deno.mkdir(`${root}dist`, { recursive: true });
  const directory = await Deno.makeTempDir({ dir: `${root}dist`, prefix: "bundle-" });
  try {
    const { main, threads } = await bundle({ deno, root, directory });
    const command = new Deno.Command(deno, {
      args: [
        // Deno keeps the compiled code of a program below /tmp, in a file whose name anybody can tell
        // and so can be the first to write.
        ...["compile", "--quiet", "--no-check", "--no-prompt", "--no-code-cache", "-P=executable"],
        V8_FLAGS,
        ...(target === undefined ? [] : ["--target", target]),
        ...left.flatMap((path) => ["--exclude", path]),
        ...threads.flatMap((path) => ["--include", path]),
        ...["--output", output, main],
      ],
      cwd: root,
      ...(telemetry ? { env: { OTEL_DENO: "true" } } : {}),
      stdin: "null",
    });
    const { success, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    const said = (decoder.decode(stdout) + decoder.decode(stderr)).trim();
    if (!success) return { size: 0, output: said };
    if (target === undefined || target === Deno.build.target) await tryOut(output);
    return { size: (await Deno.stat(output)).size, output: said };
  } catch (error) {
    return { size: 0, output: error instanceof Error ? error.message : String(error) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/**
 * Runs an executable for this machine.
 *
 * @throws Error when it does not run: a base that DENORT_BIN names may be of another Deno release,
 *   and nobody checks that
 */
async function tryOut(path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(path, { args: ["-version"] }).output();
  if (success) return;
  await Deno.remove(path);
  const said = denoMessage(new TextDecoder().decode(stderr));
  const { DENORT_BIN: base } = Deno.env.toObject();
  const hint = base ? `; "${base}" has to be of the same release as the Deno that compiles` : "";
  throw new Error(`The executable does not run: ${said}${hint}`);
}

/** The packages that the program uses, by name and version. */
export async function reachedPackages(): Promise<Set<string>> {
  return reachedFrom(await moduleGraph(), () => true);
}

/** The packages whose names count, and what they depend on. */
function reachedFrom(
  { modules, npmPackages }: ModuleGraph,
  counts: (name: string) => boolean,
): Set<string> {
  const reached = new Set<string>();
  const visit = (id: string): void => {
    if (reached.has(id)) return;
    reached.add(id);
    for (const dependency of npmPackages[id]?.dependencies ?? []) visit(dependency);
  };
  for (const id of modules.flatMap(({ specifier }) => splitSpecifier(specifier)?.id ?? [])) {
    if (counts(id.slice(0, id.lastIndexOf("@")))) visit(id);
  }
  return reached;
}

/** Packages that are in the bundles or that only tests use, and files of data that nothing reads. */
async function unneeded(): Promise<string[]> {
  const graph = await moduleGraph();
  const separate = reachedFrom(graph, (name) => SEPARATE_PACKAGES.includes(name));
  const paths: string[] = [];
  for (const [id, { localPath }] of Object.entries(graph.npmPackages)) {
    // Deno releases of before 2.6 do not tell where a package is.
    if (!localPath) continue;
    if (!separate.has(id)) {
      paths.push(localPath);
      continue;
    }
    const files = graph.modules.flatMap(({ specifier }) => {
      const split = splitSpecifier(specifier);
      return split?.id === id ? [split.file] : [];
    });
    // A package from which only files with data are taken has no code that reads the others.
    const isData = files.length > 0 && files.every((file) => /\.(mmdb|json)$/.test(file));
    if (!isData) continue;
    for await (const { name } of Deno.readDir(localPath)) {
      if (name !== "package.json" && !files.some((file) => `${file}/`.startsWith(`${name}/`))) {
        paths.push(`${localPath}/${name}`);
      }
    }
  }
  return paths;
}

/** `npm:/@scope/name@1.0.0/file` → package and file. */
function splitSpecifier(specifier: string): { id: string; file: string } | null {
  const match = /^npm:\/((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(specifier);
  return match && { id: match[1]!, file: match[2]! };
}

async function moduleGraph(): Promise<ModuleGraph> {
  const graphs = await Promise.all([MAIN, ...THREADS].map(graphOf));
  return {
    modules: graphs.flatMap(({ modules }) => modules),
    npmPackages: Object.assign({}, ...graphs.map(({ npmPackages }) => npmPackages)),
  };
}

async function graphOf(entry: string): Promise<ModuleGraph> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `${root}${entry}`],
    cwd: root,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`deno info failed: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Writes a size for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  const telemetry = Deno.args.includes("-otel");
  const ending = Deno.build.os === "windows" ? ".exe" : "";
  const output = `${root}dist/mirrorbits${telemetry ? "-otel" : ""}${ending}`;
  const result = await compile({ output, telemetry });
  const text = result.size === 0
    ? `error: Cannot compile: ${denoMessage(result.output)}\nhint: ${BASE_HINT}\n`
    : `${output}: ${megabytes(result.size)}\n`;
  Deno.stdout.writeSync(encoder.encode(text));
  Deno.exit(result.size === 0 ? 1 : 0);
}
