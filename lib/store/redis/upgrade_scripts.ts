import type { Script } from "./script.ts";

/** Arguments: key, value, milliseconds. Answers 1 when the lock is still ours and was renewed. */
export const RENEW_UPGRADE: Script = {
  name: "renewUpgrade",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('PEXPIRE', ARGV[1], ARGV[3])`,
};

/**
 * Arguments: key and value of the lock, then IDs of mirrors. Brings the database from version 1 to 2:
 * there, a mirror had one state, where it now has one for each protocol. Does nothing without the lock,
 * or in a database of another version.
 */
export const UPGRADE: Script = {
  name: "upgrade",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
if redis.call('GET', 'MIRRORBITS_DB_VERSION') ~= '1' then return 0 end
for i = 3, #ARGV do
  local key = 'MIRROR_' .. ARGV[i]
  if redis.call('TYPE', key).ok == 'hash' then
    local f = redis.call('HMGET', key, 'http', 'up', 'excludeReason')
    local protocol = string.sub(f[1] or '', 1, 8) == 'https://' and 'https' or 'http'
    if f[2] then redis.call('HSET', key, protocol .. 'Up', f[2]) end
    if f[3] then redis.call('HSET', key, protocol .. 'DownReason', f[3]) end
    redis.call('HDEL', key, 'up', 'excludeReason')
  end
end
redis.call('SET', 'MIRRORBITS_DB_VERSION', '2')
return 1`,
};
