import type { Redis } from "ioredis";
import type { Script } from "./script.ts";

/** What ioredis makes of a script that it was given. */
type Defined = Readonly<Record<string, (...args: (string | number)[]) => Promise<unknown>>>;

/**
 * Runs a script. The first time on a connection sends all of it, later ones no more than its digest; a
 * server that has forgotten it gets it again.
 */
export function runScript(
  redis: Redis,
  { name, lua }: Script,
  ...args: (string | number)[]
): Promise<unknown> {
  if (!(name in redis)) redis.defineCommand(name, { lua, numberOfKeys: 0 });
  return (redis as unknown as Defined)[name]!(...args);
}
