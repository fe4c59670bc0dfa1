/** What a site asks of this program. */
export interface RobotRules {
  /** Whether a path, with a leading slash, encoded or not, may be asked for. */
  readonly allows: (path: string) => boolean;
  /** Seconds between two requests; 0: as we like. */
  readonly delay: number;
}

/** How the program is called there. */
const NAME = "mirrorbits";

/** Seconds that a site may ask to wait between two requests. */
const MAX_DELAY = 60;

/** Lines that are read. */
const MAX_LINES = 5000;

/**
 * Reads `robots.txt` (RFC 9309), as far as it names this program. What it asks of everybody (`*`) is not
 * for a program that the mirror's operator wants to look: it commonly keeps search engines out.
 */
export function parseRobots(text: string): RobotRules {
  const rules: { readonly allow: boolean; readonly pattern: RegExp; readonly length: number }[] =
    [];
  let delay = 0;
  let ours = false;
  let naming = false;
  for (const line of text.split(/\r\n?|\n/).slice(0, MAX_LINES)) {
    const [, key, value] = /^\s*([a-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/i.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    const word = key.toLowerCase();
    if (word === "user-agent") {
      if (!naming) ours = false;
      naming = true;
      if (value.toLowerCase() === NAME) ours = true;
      continue;
    }
    naming = false;
    if (!ours) continue;
    if ((word === "allow" || word === "disallow") && value !== "") {
      rules.push({ allow: word === "allow", pattern: patternOf(value), length: value.length });
    } else if (word === "crawl-delay" && /^\d+(\.\d+)?$/.test(value)) {
      delay = Math.min(MAX_DELAY, Number(value));
    }
  }
  return {
    delay,
    allows(path) {
      const plain = decoded(path);
      const matching = rules.filter(({ pattern }) => pattern.test(plain));
      const longest = Math.max(...matching.map(({ length }) => length), 0);
      const decisive = matching.filter(({ length }) => length === longest);
      return decisive.length === 0 || decisive.some(({ allow }) => allow);
    },
  };
}

/** A rule is a beginning of a path, in which `*` stands for anything and `$` for the end. */
function patternOf(rule: string): RegExp {
  const parts = rule.slice(0, 1024).replace(/\*{2,}/g, "*").split("*").slice(0, 16);
  const end = rule.endsWith("$") ? "$" : "";
  const escaped = parts.map((part) =>
    decoded(part.replace(/\$$/, "")).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  );
  return new RegExp(`^${escaped.join("[^]*?")}${end}`);
}

/** Each writes the escapes that it likes; what is none stands as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
