import type { Redis } from "ioredis";

/**
 * Lua that runs inside Redis: what must be one round trip, or atomic for readers. It is made for
 * Redis 3.2, which replicates scripts word for word: nothing is written after a command whose answer is
 * random there. Keys are built from arguments: the schema cannot be spread over a Redis Cluster.
 */
export interface Script {
  /** Under which ioredis keeps it; no command of Redis has it. */
  readonly name: string;
  /** The script itself. */
  readonly lua: string;
}

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
