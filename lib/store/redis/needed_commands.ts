import type { Redis } from "ioredis";
import { textReply } from "./reply.ts";
import { CHANNELS } from "./channels.ts";

/** Commands that the store sends, by itself or within scripts, with arguments as they occur. */
const NEEDED: readonly (readonly string[])[] = [
  ["get", "MIRRORBITS_DB_VERSION"],
  ["set", "SCANNING_1", "x", "EX", "10", "NX"],
  ["setnx", "MIRRORBITS_DB_VERSION", "2"],
  ["exists", "MIRRORS"],
  ["type", "MIRRORS"],
  ["del", "FILE_/x"],
  ["expire", "SCANNING_1", "10"],
  ["incr", "LAST_MID"],
  ["incrby", "STATS_TOTAL", "1"],
  ["hexists", "MIRRORS", "1"],
  ["hget", "MIRRORS", "1"],
  ["hset", "MIRRORS", "1", "x"],
  ["hmset", "MIRROR_1", "ID", "1"],
  ["hmget", "FILE_/x", "size"],
  ["hgetall", "MIRROR_1"],
  ["hkeys", "MIRRORS"],
  ["hlen", "MIRRORS"],
  ["hdel", "MIRROR_1", "x"],
  ["hincrby", "STATS_FILE", "/x", "1"],
  ["hscan", "STATS_FILE", "0"],
  ["sadd", "FILES", "/x"],
  ["srem", "FILES", "/x"],
  ["scard", "FILES"],
  ["sscan", "FILES", "0"],
  ["smembers", "FILEMIRRORS_/x"],
  ["sismember", "HANDLEDFILES_1", "/x"],
  ["srandmember", "MIRRORFILES_1", "1"],
  ["rpush", "MIRRORLOGS_1", "x"],
  ["ltrim", "MIRRORLOGS_1", "-1", "-1"],
  ["lrange", "MIRRORLOGS_1", "0", "-1"],
  ["hget", "FILEINFO_1_/x", "size"],
  ["hget", "STATS_MIRROR_BYTES", "1"],
  ["exists", `DOWNLOADED_${"0".repeat(64)}_/x`],
  ["exists", "SOURCE_REPO_SYNC"],
  ["exists", "MIRRORBITS_BATCH_x"],
  ["hgetall", "MIRRORBITS_MESSAGES"],
  ["hset", "MIRRORBITS_GONE", "/x", "x"],
  ["rpush", "MIRRORBITS_MESSAGE_IDS", "x"],
  ["llen", "MIRRORBITS_MESSAGE_IDS"],
  ["lpop", "MIRRORBITS_MESSAGE_IDS"],
  ["lrem", "MIRRORBITS_MESSAGE_IDS", "0", "x"],
  ["sadd", "MIRRORBITS_VERIFIED_1", "x"],
  ["srem", "MIRRORBITS_VERIFIED_1", "x"],
  ["exists", "MIRRORBITS_STATS_1"],
  ["hincrby", "MIRRORBITS_STATS_1", "x", "1"],
  ["hgetall", "MIRRORBITS_STATS_1"],
  ["hmget", "MIRRORBITS_STATS_1", "x"],
  ["hlen", "MIRRORBITS_STATS_1"],
  ["hgetall", "STATS_MIRROR"],
  ["multi"],
  ["exec"],
  ["del", "MIRRORBITS_PIECE_/x", "MIRRORBITS_ZSYNC_/x"],
  ["hset", "MIRRORBITS_PIECES", "/x", "x"],
  ["hdel", "MIRRORBITS_PIECES", "/x"],
  ["hscan", "MIRRORBITS_PIECES", "0"],
  ["hlen", "MIRRORBITS_PIECES"],
  ["hset", "MIRRORBITS_PIECE_/x", "x", "x"],
  ["hgetall", "MIRRORBITS_PIECE_/x"],
  ["hset", "MIRRORBITS_ZSYNC_/x", "x", "x"],
  ["hmget", "MIRRORBITS_ZSYNC_/x", "x"],
  ["hset", "MIRRORBITS_UNFINISHED_x", "x", "x"],
  ["expire", "MIRRORBITS_UNFINISHED_x", "1"],
  ["hlen", "MIRRORBITS_UNFINISHED_x"],
  ["persist", "MIRRORBITS_UNFINISHED_x"],
  ["rename", "MIRRORBITS_UNFINISHED_x", "MIRRORBITS_ZSYNC_/x"],
  ["lpush", "MIRRORBITS_REVISIONS_/x", "x"],
  ["ltrim", "MIRRORBITS_REVISIONS_/x", "0", "9"],
  ["expire", "MIRRORBITS_REVISIONS_/x", "1"],
  ["lrange", "MIRRORBITS_REVISIONS_/x", "0", "9"],
  ...Object.values(CHANNELS).map((channel) => ["publish", channel, "x"]),
  ["subscribe", ...Object.values(CHANNELS)],
  ["ping"],
  ["eval", "return 1", "0"],
  ["evalsha", "0".repeat(40), "0"],
];

/**
 * Asks a server which of the commands that are needed this user may not use.
 *
 * @returns the user's name and what the server says about each, once; `null` where it cannot be asked
 *   (before Redis 7) or this user may not ask
 */
export async function forbiddenCommands(
  redis: Redis,
): Promise<{ user: string; complaints: string[] } | null> {
  try {
    const user = textReply(await redis.call("ACL", "WHOAMI"));
    const answers = await Promise.all(
      NEEDED.map((command) => redis.call("ACL", "DRYRUN", user, ...command)),
    );
    const complaints = new Set<string>();
    for (const [i, answer] of answers.entries()) {
      const text = textReply(answer);
      if (text === "OK") continue;
      const [name, key] = NEEDED[i]!;
      const command = `"${name!.toUpperCase()}"`;
      if (/\bcommand\b/.test(text)) complaints.add(command);
      else if (/\bchannels?\b/.test(text)) complaints.add(`${command} on "${key}"`);
      else complaints.add(`${command} of "${key!.replace(/(_)(\/x|1|x|0+_\/x)$/, "$1…")}"`);
    }
    return { user, complaints: [...complaints] };
  } catch {
    return null;
  }
}
