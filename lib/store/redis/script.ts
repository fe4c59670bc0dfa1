/**
 * Lua that runs inside Redis, loaded when the connection is made: what must be one round trip, or atomic
 * for readers. It is made for Redis 3.2, which replicates scripts word for word: nothing is written after
 * a command whose answer is random there. Keys are built from arguments: the schema cannot be spread over
 * a Redis Cluster.
 */
export type Script = string;
