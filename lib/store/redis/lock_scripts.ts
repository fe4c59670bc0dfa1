import type { Script } from "./script.ts";

/** Arguments: key, value, seconds. Answers 1 when the lock is still ours and was renewed. */
export const RENEW_LOCK: Script = {
  name: "renewLock",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('EXPIRE', ARGV[1], ARGV[3])`,
};

/** Arguments: key, value. Frees a lock if it is still ours. */
export const RELEASE_LOCK: Script = {
  name: "releaseLock",
  lua: `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('DEL', ARGV[1])`,
};
