import type { Config } from "./config.ts";
import { ConfigError } from "./config_error.ts";

/** Steps that the program of a pattern may have: each may be taken for every character of a text. */
const LARGEST_PROGRAM = 10_000;

/**
 * Looks whether programs that count apart can be told from others.
 *
 * @throws ConfigError that names every pattern which cannot be used
 */
export async function checkAgents({ ignoreAgents }: Pick<Config, "ignoreAgents">): Promise<void> {
  if (ignoreAgents.length === 0) return;
  // Loaded where it is needed: it is large.
  const { RE2JS } = await import("re2js");
  const problems = ignoreAgents.flatMap((pattern) => {
    const start = `IgnoreAgents must be a list of regular expressions: ${JSON.stringify(pattern)}`;
    try {
      const steps = RE2JS.compile(pattern).programSize();
      return steps > LARGEST_PROGRAM ? [`${start} is too large`] : [];
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return [`${start} is none: ${detail.replace(/^error parsing regexp: /, "")}`];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
}
