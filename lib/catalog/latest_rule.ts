/** A path that stands for the newest of several versions, as the operator describes it. */
export interface LatestRule {
  /** Path, perhaps with names in braces: `/latest/app-{os}.zip`. */
  readonly path: string;
  /** What the files are called, with the same names and `{version}`: `/releases/{version}/app-{version}-{os}.zip`. */
  readonly pattern: string;
  /** How many mirrors that are enabled and up must have a version. */
  readonly mirrors: number;
}

/** A name in braces. */
const NAME = /\{([a-z]\w*)\}/gi;

/** Numbers with dots: at most eight, each of at most 18 digits. */
const VERSION = String.raw`\d{1,18}(?:\.\d{1,18}){0,7}`;

/** A file that is a version of something. */
export interface LatestFile {
  /** The path that stands for the newest one. */
  readonly path: string;
  /** Numbers with dots. */
  readonly version: string;
}

/** Reads paths by a rule. */
export class LatestPattern {
  readonly #prefix: string;
  readonly #expression: RegExp;
  readonly #path: string;

  constructor({ path, pattern }: Pick<LatestRule, "path" | "pattern">) {
    this.#path = path;
    this.#prefix = pattern.slice(0, pattern.search(/\{/));
    const seen = new Set<string>();
    const source = pattern.split(/(\{[a-z]\w*\})/i).map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      if (seen.has(name)) return `\\k<${name}>`;
      seen.add(name);
      return name === "version" ? `(?<version>${VERSION})` : `(?<${name}>[^/]+?)`;
    }).join("");
    this.#expression = new RegExp(`^${source}$`, "u");
  }

  /** What a file is a version of. @returns `null`: of nothing */
  read(file: string): LatestFile | null {
    // Most files are elsewhere.
    if (!file.startsWith(this.#prefix)) return null;
    const groups = this.#expression.exec(file)?.groups;
    if (groups === undefined) return null;
    const path = this.#path.replaceAll(NAME, (_, name: string) => groups[name]!);
    return { path, version: groups.version! };
  }
}

/** Whether the names of a rule fit: `{version}` in the pattern alone, all others in both. */
export function areLatestNames(path: string, pattern: string): boolean {
  const namesOf = (text: string): Set<string> =>
    new Set([...text.matchAll(NAME)].map(([, name]) => name!));
  const [own, theirs] = [namesOf(path), namesOf(pattern)];
  if (own.has("version") || !theirs.delete("version")) return false;
  return own.size === theirs.size && [...own].every((name) => theirs.has(name));
}

/** Compares two versions by their numbers; a missing one is 0. @returns below 0: the first is older */
export function compareVersions(a: string, b: string): number {
  const [as, bs] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.max(as.length, bs.length); i++) {
    const difference = BigInt(as[i] ?? 0) - BigInt(bs[i] ?? 0);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}
