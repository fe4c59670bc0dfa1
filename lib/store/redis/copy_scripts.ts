import type { Script } from "./script.ts";
import { ANNOUNCE, SETTER, TOLERANT } from "./script_parts.ts";

/**
 * Arguments: mirror ID, cursor, count. Answers, as a JSON array, the next cursor, then path, size,
 * modTime of copies; a key that holds another type has no size, and what is wrong as its time.
 */
export const READ_COPIES: Script = {
  name: "readCopies",
  lua: `
local page = redis.call('SSCAN', 'MIRRORFILES_' .. ARGV[1], ARGV[2], 'COUNT', ARGV[3])
local prefix = 'FILEINFO_' .. ARGV[1] .. '_'
local answer, at = { page[1] }, 1
for _, path in ipairs(page[2]) do
  local f = redis.pcall('HMGET', prefix .. path, 'size', 'modTime')
  answer[at + 1], answer[at + 2], answer[at + 3] = path, f[1] or false, f[2] or f.err or false
  at = at + 3
end
return cjson.encode(answer)`,
};

/**
 * Arguments: mirror ID, this node's own channel, a JSON array of three arrays: paths, sizes, modTimes of
 * copies, at least of one. Answers 0 when the mirror is gone, else what {@linkcode ANNOUNCE} does. Before
 * Redis 6.2 there is no command that looks for many members of a set.
 */
export const CHANGE_COPIES: Script = {
  name: "changeCopies",
  lua: `${ANNOUNCE}${SETTER}${TOLERANT}
local call, id = redis.call, ARGV[1]
if call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
local paths, sizes, times = unpack(cjson.decode(ARGV[3]))
local prefix = 'FILEINFO_' .. id .. '_'
local set = setter(prefix .. paths[1], 'size', sizes[1], 'modTime', times[1])
for i, path in ipairs(paths) do
  tolerant(set, prefix .. path, 'size', sizes[i], 'modTime', times[i])
  tolerant('SADD', 'FILEMIRRORS_' .. path, id)
end
local known, shared = {}, 0
local there = redis.pcall('SMISMEMBER', 'FILES', unpack(paths))
for i, path in ipairs(paths) do
  if (there[i] or call('SISMEMBER', 'FILES', path)) == 1 then
    shared = shared + 1
    known[shared] = path
  end
end
call('SADD', 'MIRRORFILES_' .. id, unpack(paths))
if shared > 0 then tolerant('SADD', 'HANDLEDFILES_' .. id, unpack(known)) end
return announce(ARGV[2], '_mirrorbits_mirror_file_update', id .. ' ', paths)`,
};

/**
 * Arguments: mirror ID, this node's own channel, a JSON array of one array: the paths that are gone from
 * the mirror, at least one. Answers 0 when the mirror is gone, else what {@linkcode ANNOUNCE} does.
 */
export const REMOVE_COPIES: Script = {
  name: "removeCopies",
  lua: `${ANNOUNCE}${TOLERANT}
local call, id = redis.call, ARGV[1]
if call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
local prefix, carried = 'FILEINFO_' .. id .. '_', 'MIRRORFILES_' .. id
local paths, gone = cjson.decode(ARGV[3])[1], {}
for _, path in ipairs(paths) do
  local there = call('SREM', carried, path) + call('DEL', prefix .. path)
  tolerant('SREM', 'FILEMIRRORS_' .. path, id)
  if there > 0 then gone[#gone + 1] = path end
end
tolerant('SREM', 'HANDLEDFILES_' .. id, unpack(paths))
return announce(ARGV[2], '_mirrorbits_mirror_file_update', id .. ' ', gone)`,
};

/**
 * Arguments: mirror ID. Answers how many files the mirror shares with the source, and 1 when that set
 * looks out of step with the two it comes from (the original refreshes it only when it scans the
 * mirror). A look at some files at random: it costs the same however many there are. Answers nothing
 * when the mirror is gone, and -1 for a number where that set holds another type.
 */
export const COUNT_SHARED: Script = {
  name: "countShared",
  lua: `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return {} end
local carried, shared = 'MIRRORFILES_' .. id, 'HANDLEDFILES_' .. id
local there = redis.call('TYPE', shared).ok
if there ~= 'set' and there ~= 'none' then return { -1, 0 } end
local suspect = 0
for _, path in ipairs(redis.call('SRANDMEMBER', carried, 20)) do
  if redis.call('SISMEMBER', 'FILES', path) ~= redis.call('SISMEMBER', shared, path) then
    suspect = 1
  end
end
for _, path in ipairs(redis.call('SRANDMEMBER', shared, 20)) do
  if redis.call('SISMEMBER', 'FILES', path) + redis.call('SISMEMBER', carried, path) < 2 then
    suspect = 1
  end
end
return { redis.call('SCARD', shared), suspect }`,
};

/** Arguments: mirror ID, a JSON array of one array: paths. Puts right whether each is among the files shared. */
export const SETTLE_SHARED: Script = {
  name: "settleShared",
  lua: `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
local carried, shared = 'MIRRORFILES_' .. id, 'HANDLEDFILES_' .. id
for _, path in ipairs(cjson.decode(ARGV[2])[1]) do
  if redis.call('SISMEMBER', 'FILES', path) + redis.call('SISMEMBER', carried, path) == 2 then
    redis.call('SADD', shared, path)
  else
    redis.call('SREM', shared, path)
  end
end
return 1`,
};
