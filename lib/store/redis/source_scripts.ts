import type { Script } from "./script.ts";
import { ANNOUNCE, SETTER, TOLERANT } from "./script_parts.ts";

/**
 * How many files shared with a mirror one script writes at most, but for its last file: a path that
 * appears or goes is written once for each mirror that carries it, which may be a thousand.
 */
const MOST_SHARED = 300;

/**
 * A function: answers, as a JSON array, a cursor, then path and five fields of source files, and when that
 * version was first seen; `false` for what is missing. The field `firstSeen` names the size and modTime that
 * it belongs to, since the original writes new ones beside it. A key that holds another type has no size,
 * and what is wrong as its time. One text is read several times as fast as many.
 */
const PAGE = `
local function page(cursor, paths)
  local answer, at = { cursor }, 1
  for _, path in ipairs(paths) do
    local f = redis.pcall('HMGET', 'FILE_' .. path, 'size', 'modTime', 'sha1', 'sha256', 'md5',
      'firstSeen')
    answer[at + 1], answer[at + 2], answer[at + 3] = path, f[1] or false, f[2] or f.err or false
    answer[at + 4], answer[at + 5], answer[at + 6] = f[3] or false, f[4] or false, f[5] or false
    local tail = f[6] and f[1] and f[2] and ' ' .. f[1] .. ' ' .. f[2]
    answer[at + 7] = tail and string.sub(f[6], -#tail) == tail and string.sub(f[6], 1, -#tail - 1)
      or false
    at = at + 7
  end
  return cjson.encode(answer)
end
`;

/** Arguments: cursor, count. Answers a page with the next cursor. */
export const READ_SOURCE: Script = {
  name: "readSource",
  lua: `${PAGE}
return page(unpack(redis.call('SSCAN', 'FILES', ARGV[1], 'COUNT', ARGV[2])))`,
};

/** Arguments: the next cursor, a JSON array of paths. Answers a page of those that are in the source. */
export const READ_SOURCE_AT: Script = {
  name: "readSourceAt",
  lua: `${PAGE}
local there = {}
for _, path in ipairs(cjson.decode(ARGV[2])) do
  if redis.call('SISMEMBER', 'FILES', path) == 1 then there[#there + 1] = path end
end
return page(ARGV[1], there)`,
};

/**
 * Arguments: this node's own channel, a JSON array of seven arrays: paths, sizes, modTimes, sha1s, sha256s,
 * md5s, and when they were first seen (or nothing), of files that are new or changed, at least of one. When
 * a version was first seen is only written, or forgotten, with a new one. Answers what {@linkcode ANNOUNCE} does, how
 * many files were seen to, from the first one on, and how many of them could not be written.
 */
export const CHANGE_SOURCE: Script = {
  name: "changeSource",
  lua: `${ANNOUNCE}${SETTER}${TOLERANT}
local call = redis.call
local paths, sizes, times, sha1s, sha256s, md5s, seen = unpack(cjson.decode(ARGV[2]))
local set = setter('FILE_' .. paths[1], 'sha1', sha1s[1], 'md5', md5s[1])
local written, shared, refused = {}, 0, 0
for i, path in ipairs(paths) do
  if shared >= ${MOST_SHARED} then break end
  written[i] = path
  local was = tolerant('HMGET', 'FILE_' .. path, 'size', 'modTime')
  if was[1] ~= sizes[i] or was[2] ~= times[i] then
    if seen[i] == '' then
      tolerant('HDEL', 'FILE_' .. path, 'firstSeen')
    else
      tolerant(set, 'FILE_' .. path, 'firstSeen', seen[i] .. ' ' .. sizes[i] .. ' ' .. times[i])
    end
  end
  local answer = tolerant(set, 'FILE_' .. path, 'size', sizes[i], 'modTime', times[i],
    'sha1', sha1s[i], 'sha256', sha256s[i], 'md5', md5s[i])
  if type(answer) == 'table' and answer.err then refused = refused + 1 end
  if call('SADD', 'FILES', path) == 1 then
    local ids = tolerant('SMEMBERS', 'FILEMIRRORS_' .. path)
    for _, id in ipairs(ids) do tolerant('SADD', 'HANDLEDFILES_' .. id, path) end
    shared = shared + #ids
  end
end
call('SETNX', 'MIRRORBITS_DB_VERSION', '2')
return { announce(ARGV[1], '_mirrorbits_file_update', '', written), #written, refused }`,
};

/**
 * Arguments: this node's own channel, a JSON array of one array: the paths that are gone from the source.
 * Answers what {@linkcode CHANGE_SOURCE} does.
 */
export const REMOVE_SOURCE: Script = {
  name: "removeSource",
  lua: `${ANNOUNCE}${TOLERANT}
local call = redis.call
local gone, done, shared = {}, 0, 0
for _, path in ipairs(cjson.decode(ARGV[2])[1]) do
  if shared >= ${MOST_SHARED} then break end
  done = done + 1
  local there = call('SREM', 'FILES', path) + call('DEL', 'FILE_' .. path)
  local ids = tolerant('SMEMBERS', 'FILEMIRRORS_' .. path)
  for _, id in ipairs(ids) do tolerant('SREM', 'HANDLEDFILES_' .. id, path) end
  shared = shared + #ids
  if there > 0 then gone[#gone + 1] = path end
end
return { announce(ARGV[1], '_mirrorbits_file_update', '', gone), done, 0 }`,
};
