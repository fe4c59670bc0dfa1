import { pathTest } from "./path_patterns.ts";

/** Files of a package repository that fit together, as the operator describes them. */
export interface SetRule {
  /** Pattern of the file whose content is the revision of a set. */
  readonly root: string;
  /** Pattern of what belongs to it, with the same wildcards: a directory with a slash at its end, or a file. */
  readonly below: string;
  /** Patterns of names that never change their content. */
  readonly immutable: readonly string[];
  /** Minutes since it was replaced that a revision may still be served. */
  readonly maxBehind: number;
  /** Percent of the mirrors that have to have a revision before it counts. */
  readonly quorum: number;
}

/** What is said nowhere. */
const USUAL = { maxBehind: 720, quorum: 50 } as const;

/** Sets that need no description, by name. */
export const READY_SETS: Readonly<Record<string, readonly SetRule[]>> = {
  apt: [{
    ...USUAL,
    root: "/**/dists/**/InRelease",
    below: "/**/dists/**/",
    immutable: ["*.pdiff", "*.deb", "*.udeb"],
  }],
  rpm: [{
    ...USUAL,
    root: "/**/repodata/repomd.xml",
    below: "/**/repodata/",
    immutable: ["*.rpm", "*.drpm"],
  }],
  arch: ["/**/*.db.tar.gz", "/**/*.db.tar.zst", "/**/*.db.tar.xz", "/**/os/*/*.db"].map((root) => ({
    ...USUAL,
    root,
    below: root.includes("/os/") ? "/**/os/*/" : "/**/",
    immutable: ["*.pkg.tar.*"],
  })),
  alpine: [{
    ...USUAL,
    root: "/**/APKINDEX.tar.gz",
    below: "/**/",
    immutable: ["*.apk"],
  }],
  jenkins: [{
    ...USUAL,
    root: "/**/update-center.json",
    below: "/**/",
    immutable: ["*.hpi", "*.jpi", "*.war"],
  }],
};

/** Tells roots, and which names are bound to a revision, by the rules of a configuration. */
export class SetRules {
  readonly #rules: readonly CompiledRule[];

  /** Keeps them. @param rules in order; the first that matches a root counts */
  constructor(rules: readonly SetRule[]) {
    this.#rules = rules.map(compile);
  }

  /**
   * Finds out whether a file is the root of a set.
   *
   * @returns what belongs to it; `null`: it is none
   */
  rootOf(path: string): { readonly below: string; readonly rule: SetRule } | null {
    for (const { root, rule, below } of this.#rules) {
      const match = root.exec(path);
      if (match !== null) return { rule, below: below(match.slice(1).map((part) => part ?? "")) };
    }
    return null;
  }

  /** Whether a name below a set never changes its content. */
  isImmutable(path: string, rule: SetRule): boolean {
    if (/[0-9a-f]{32}[^/]*$/i.test(path) || path.includes("/by-hash/")) return true;
    const compiled = this.#rules.find((one) => one.rule === rule);
    return compiled?.immutable?.(path) ?? false;
  }
}

interface CompiledRule {
  readonly rule: SetRule;
  readonly root: RegExp;
  /** Puts what the wildcards of the root stand for into the pattern of what belongs to it. */
  readonly below: (wildcards: readonly string[]) => string;
  readonly immutable: ((path: string) => boolean) | null;
}

function compile(rule: SetRule): CompiledRule {
  return {
    rule,
    root: new RegExp(`^${parts(rule.root).map(source).join("")}$`, "su"),
    below: (wildcards) => {
      const left = [...wildcards];
      const text = parts(rule.below).map((name) =>
        name === "**" ? left.shift() ?? "" : `/${name.replaceAll(/\*+/g, () => left.shift() ?? "")}`
      ).join("");
      return rule.below.endsWith("/") ? `${text}/` : text;
    },
    immutable: pathTest(rule.immutable),
  };
}

function parts(pattern: string): string[] {
  return pattern.split("/").filter((name) => name !== "");
}

/** Each wildcard as short as possible, the first one first. */
function source(name: string): string {
  if (name === "**") return "((?:/[^/]+)*?)";
  const texts = name.split(/\*+/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `/${texts.join("([^/]*?)")}`;
}
