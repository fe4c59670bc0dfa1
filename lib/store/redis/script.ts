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
