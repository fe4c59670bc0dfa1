import { ANNOUNCE } from "./announce_script.ts";
import type { Script } from "./script.ts";

/**
 * Arguments: cursor, count. Answers, as a JSON array, the next cursor, then path and five fields of
 * source files; `false` for a field that is missing. One text is read several times as fast as many.
 */
export const READ_SOURCE: Script = `
local page = redis.call('SSCAN', 'FILES', ARGV[1], 'COUNT', ARGV[2])
local answer, at = { page[1] }, 1
for _, path in ipairs(page[2]) do
  local f = redis.call('HMGET', 'FILE_' .. path, 'size', 'modTime', 'sha1', 'sha256', 'md5')
  answer[at + 1], answer[at + 2], answer[at + 3] = path, f[1], f[2]
  answer[at + 4], answer[at + 5], answer[at + 6] = f[3], f[4], f[5]
  at = at + 6
end
return cjson.encode(answer)`;

/**
 * Arguments: this node's own channel, a JSON array of path, size, modTime, sha1, sha256, md5 of each file
 * that is new or changed. Answers what {@linkcode ANNOUNCE} does.
 */
export const CHANGE_SOURCE: Script = `${ANNOUNCE}
local files, paths = cjson.decode(ARGV[2]), {}
for i = 1, #files, 6 do
  local path = files[i]
  paths[#paths + 1] = path
  redis.call('HMSET', 'FILE_' .. path, 'size', files[i + 1], 'modTime', files[i + 2],
    'sha1', files[i + 3], 'sha256', files[i + 4], 'md5', files[i + 5])
  if redis.call('SADD', 'FILES', path) == 1 then
    for _, id in ipairs(redis.call('SMEMBERS', 'FILEMIRRORS_' .. path)) do
      redis.call('SADD', 'HANDLEDFILES_' .. id, path)
    end
  end
end
return announce(ARGV[1], '_mirrorbits_file_update', '', paths)`;

/**
 * Arguments: this node's own channel, a JSON array of the paths that are gone from the source. Answers
 * what {@linkcode ANNOUNCE} does.
 */
export const REMOVE_SOURCE: Script = `${ANNOUNCE}
local gone = {}
for _, path in ipairs(cjson.decode(ARGV[2])) do
  local there = redis.call('SREM', 'FILES', path) + redis.call('DEL', 'FILE_' .. path)
  for _, id in ipairs(redis.call('SMEMBERS', 'FILEMIRRORS_' .. path)) do
    redis.call('SREM', 'HANDLEDFILES_' .. id, path)
  end
  if there > 0 then gone[#gone + 1] = path end
end
return announce(ARGV[1], '_mirrorbits_file_update', '', gone)`;
