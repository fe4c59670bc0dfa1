/**
 * The Lua that runs inside Redis: what must be one round trip, or atomic for readers. It is made for
 * Redis 3.2, which replicates scripts word for word: nothing is written after a command whose answer
 * is random there. Keys are built from arguments: the schema cannot be spread over a Redis Cluster.
 *
 * @module
 */

/** A script: Lua, loaded when the connection is made. */
export type Script = string;

/**
 * Arguments: path. Answers size, modTime, sha1, sha256, md5 of the source file, then ID, size and
 * modTime of each copy; nothing when the source has no such file.
 */
export const LOOKUP: Script = `
local path = ARGV[1]
local found = redis.call('HMGET', 'FILE_' .. path, 'size', 'modTime', 'sha1', 'sha256', 'md5')
if not (found[1] or found[2]) then return {} end
for _, id in ipairs(redis.call('SMEMBERS', 'FILEMIRRORS_' .. path)) do
  local copy = redis.call('HMGET', 'FILEINFO_' .. id .. '_' .. path, 'size', 'modTime')
  local at = #found
  if copy[1] then
    found[at + 1], found[at + 2], found[at + 3] = id, copy[1], copy[2]
  end
end
return found`;

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
 * Arguments: mirror ID, cursor, count. Answers, as a JSON array, the next cursor, then path, size,
 * modTime of copies.
 */
export const READ_COPIES: Script = `
local page = redis.call('SSCAN', 'MIRRORFILES_' .. ARGV[1], ARGV[2], 'COUNT', ARGV[3])
local prefix = 'FILEINFO_' .. ARGV[1] .. '_'
local answer, at = { page[1] }, 1
for _, path in ipairs(page[2]) do
  local f = redis.call('HMGET', prefix .. path, 'size', 'modTime')
  answer[at + 1], answer[at + 2], answer[at + 3] = path, f[1], f[2]
  at = at + 3
end
return cjson.encode(answer)`;

/** Argument: a JSON array of path, size, modTime, sha1, sha256, md5 of each file that is new or changed. */
export const CHANGE_SOURCE: Script = `
local files = cjson.decode(ARGV[1])
for i = 1, #files, 6 do
  local path = files[i]
  redis.call('HMSET', 'FILE_' .. path, 'size', files[i + 1], 'modTime', files[i + 2],
    'sha1', files[i + 3], 'sha256', files[i + 4], 'md5', files[i + 5])
  if redis.call('SADD', 'FILES', path) == 1 then
    for _, id in ipairs(redis.call('SMEMBERS', 'FILEMIRRORS_' .. path)) do
      redis.call('SADD', 'HANDLEDFILES_' .. id, path)
    end
  end
  redis.call('PUBLISH', '_mirrorbits_file_update', path)
end
return 0`;

/** Argument: a JSON array of the paths that are gone from the source. */
export const REMOVE_SOURCE: Script = `
for _, path in ipairs(cjson.decode(ARGV[1])) do
  local there = redis.call('SREM', 'FILES', path) + redis.call('DEL', 'FILE_' .. path)
  for _, id in ipairs(redis.call('SMEMBERS', 'FILEMIRRORS_' .. path)) do
    redis.call('SREM', 'HANDLEDFILES_' .. id, path)
  end
  if there > 0 then redis.call('PUBLISH', '_mirrorbits_file_update', path) end
end
return 0`;

/**
 * Arguments: mirror ID, a JSON array of path, size, modTime of each copy, at least of one. Answers 0 when
 * the mirror is gone. Before Redis 6.2 there is no command that looks for many members of a set.
 */
export const CHANGE_COPIES: Script = `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
local prefix, message = 'FILEINFO_' .. id .. '_', id .. ' '
local files, paths, known = cjson.decode(ARGV[2]), {}, {}
for i = 1, #files, 3 do
  local path = files[i]
  redis.call('HMSET', prefix .. path, 'size', files[i + 1], 'modTime', files[i + 2])
  redis.call('SADD', 'FILEMIRRORS_' .. path, id)
  redis.call('PUBLISH', '_mirrorbits_mirror_file_update', message .. path)
  paths[#paths + 1] = path
end
local there = redis.pcall('SMISMEMBER', 'FILES', unpack(paths))
for i, path in ipairs(paths) do
  local one = there[i] or redis.call('SISMEMBER', 'FILES', path)
  if one == 1 then known[#known + 1] = path end
end
redis.call('SADD', 'MIRRORFILES_' .. id, unpack(paths))
if #known > 0 then redis.call('SADD', 'HANDLEDFILES_' .. id, unpack(known)) end
return 1`;

/**
 * Arguments: mirror ID, a JSON array of the paths that are gone from it. Answers 0 when the mirror is
 * gone.
 */
export const REMOVE_COPIES: Script = `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
local prefix, carried, shared = 'FILEINFO_' .. id .. '_', 'MIRRORFILES_' .. id, 'HANDLEDFILES_' .. id
for _, path in ipairs(cjson.decode(ARGV[2])) do
  local there = redis.call('SREM', carried, path) + redis.call('DEL', prefix .. path)
  redis.call('SREM', 'FILEMIRRORS_' .. path, id)
  redis.call('SREM', shared, path)
  if there > 0 then redis.call('PUBLISH', '_mirrorbits_mirror_file_update', id .. ' ' .. path) end
end
return 1`;

/**
 * Arguments: mirror ID. Answers how many files the mirror shares with the source, and 1 when that set
 * looks out of step with the two it comes from (the original refreshes it only when it scans the
 * mirror). A look at some files at random: it costs the same however many there are. Answers nothing
 * when the mirror is gone.
 */
export const COUNT_SHARED: Script = `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return {} end
local carried, shared = 'MIRRORFILES_' .. id, 'HANDLEDFILES_' .. id
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
return { redis.call('SCARD', shared), suspect }`;

/** Arguments: mirror ID, a JSON array of paths. Puts right whether each is among the files shared. */
export const SETTLE_SHARED: Script = `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
local carried, shared = 'MIRRORFILES_' .. id, 'HANDLEDFILES_' .. id
for _, path in ipairs(cjson.decode(ARGV[2])) do
  if redis.call('SISMEMBER', 'FILES', path) + redis.call('SISMEMBER', carried, path) == 2 then
    redis.call('SADD', shared, path)
  else
    redis.call('SREM', shared, path)
  end
end
return 1`;

/** A function: whether a mirror other than one (an ID) has a name. */
const NAME_TAKEN = `
local function taken(name, own)
  for _, id in ipairs(redis.call('HKEYS', 'MIRRORS')) do
    if id ~= own and redis.call('HGET', 'MIRRORS', id) == name then return true end
  end
  return false
end`;

/** Arguments: name, then field and value in turn. Answers the new ID; 0 when the name is taken. */
export const ADD_MIRROR: Script = `${NAME_TAKEN}
if taken(ARGV[1], '') then return 0 end
local id
repeat
  id = redis.call('INCR', 'LAST_MID')
until redis.call('HEXISTS', 'MIRRORS', id) == 0
redis.call('HMSET', 'MIRROR_' .. id, 'ID', id, unpack(ARGV, 2))
redis.call('HSET', 'MIRRORS', id, ARGV[1])
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return id`;

/**
 * Arguments: ID, name, then field and value in turn. Answers 1, 0 when the mirror is gone, -1 when the
 * name is taken.
 */
export const UPDATE_MIRROR: Script = `${NAME_TAKEN}
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
if taken(ARGV[2], id) then return -1 end
redis.call('HMSET', 'MIRROR_' .. id, 'ID', id, unpack(ARGV, 3))
redis.call('HSET', 'MIRRORS', id, ARGV[2])
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return 1`;

/**
 * Arguments: ID, number of fields to delete, these fields, then field and value in turn. Answers 0 when
 * the mirror is gone.
 */
export const SET_FIELDS: Script = `
local id, gone = ARGV[1], tonumber(ARGV[2])
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
if gone > 0 then redis.call('HDEL', 'MIRROR_' .. id, unpack(ARGV, 3, 2 + gone)) end
if #ARGV > 2 + gone then redis.call('HMSET', 'MIRROR_' .. id, unpack(ARGV, 3 + gone)) end
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return 1`;

/**
 * Arguments: ID. Removes what is left of a mirror once no file is on it. Answers 1, 0 when the mirror
 * is gone already, -1 when there are files on it (again).
 */
export const REMOVE_MIRROR: Script = `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
if redis.call('EXISTS', 'MIRRORFILES_' .. id) == 1 then return -1 end
redis.call('DEL', 'MIRROR_' .. id, 'MIRRORFILESTMP_' .. id, 'HANDLEDFILES_' .. id,
  'MIRRORLOGS_' .. id, 'SCANNING_' .. id)
redis.call('HDEL', 'MIRRORS', id)
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return 1`;

/** Arguments: ID, event, how many to keep. An event of a mirror that is gone is dropped. */
export const ADD_EVENT: Script = `
if redis.call('HEXISTS', 'MIRRORS', ARGV[1]) == 0 then return 0 end
redis.call('RPUSH', 'MIRRORLOGS_' .. ARGV[1], ARGV[2])
redis.call('LTRIM', 'MIRRORLOGS_' .. ARGV[1], -tonumber(ARGV[3]), -1)
return 1`;

/**
 * Arguments: key that marks the batch as written (empty: none), seconds for which it is kept, number of
 * key endings, these endings, number of files, path and downloads of each, number of mirrors, ID,
 * downloads and bytes of each, then key, seconds, path, ID (empty: none) and bytes of each download in
 * ranges. One script, so that a batch counts wholly or not at all, and with a mark only once. It
 * replicates what it did, where servers replicate scripts otherwise: keys expire earlier on a primary.
 */
export const ADD_DOWNLOADS: Script = `
if redis.replicate_commands then redis.replicate_commands() end
if ARGV[1] ~= '' then
  if not redis.call('SET', ARGV[1], 1, 'NX', 'EX', ARGV[2]) then
    redis.call('EXPIRE', ARGV[1], ARGV[2])
    return 0
  end
end
local at = 3
local function take(n)
  at = at + n
  return at - n
end
local function count() return tonumber(ARGV[take(1)]) end
local endings = {}
for i = 1, count() do endings[i] = ARGV[take(1)] end
local total = 0
local function file(path, downloads)
  for _, ending in ipairs(endings) do
    redis.call('HINCRBY', 'STATS_FILE' .. ending, path, downloads)
  end
  total = total + tonumber(downloads)
end
local function mirror(id, downloads, bytes)
  for _, ending in ipairs(endings) do
    redis.call('HINCRBY', 'STATS_MIRROR' .. ending, id, downloads)
    redis.call('HINCRBY', 'STATS_MIRROR_BYTES' .. ending, id, bytes)
  end
end
for i = 1, count() do
  local f = take(2)
  file(ARGV[f], ARGV[f + 1])
end
for i = 1, count() do
  local m = take(3)
  mirror(ARGV[m], ARGV[m + 1], ARGV[m + 2])
end
while at < #ARGV do
  local r = take(5)
  local known = redis.call('EXISTS', ARGV[r])
  redis.call('SET', ARGV[r], 1, 'EX', ARGV[r + 1])
  if known == 0 then
    file(ARGV[r + 2], 1)
    if ARGV[r + 3] ~= '' then mirror(ARGV[r + 3], 1, ARGV[r + 4]) end
  end
end
if total > 0 then redis.call('INCRBY', 'STATS_TOTAL', string.format('%.0f', total)) end
return total`;

/** Arguments: key, value, seconds. Answers 1 when the lock is still ours and was renewed. */
export const RENEW_LOCK: Script = `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('EXPIRE', ARGV[1], ARGV[3])`;

/** Arguments: key, value. Frees a lock if it is still ours. */
export const RELEASE_LOCK: Script = `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('DEL', ARGV[1])`;

/** Arguments: key, value, milliseconds. Answers 1 when the lock is still ours and was renewed. */
export const RENEW_UPGRADE: Script = `
if redis.call('GET', ARGV[1]) ~= ARGV[2] then return 0 end
return redis.call('PEXPIRE', ARGV[1], ARGV[3])`;

/**
 * Arguments: key and value of the lock, then IDs of mirrors. Brings the database from version 1 to 2:
 * there, a mirror had one state, where it now has one for each protocol. Does nothing without the lock,
 * or in a database of another version.
 */
export const UPGRADE: Script = `
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
return 1`;

/** What HTTP threads run. */
export const READER_SCRIPTS: readonly Script[] = [LOOKUP];

/** What the control thread runs. */
export const STORE_SCRIPTS: readonly Script[] = [
  LOOKUP,
  READ_SOURCE,
  READ_COPIES,
  CHANGE_SOURCE,
  REMOVE_SOURCE,
  CHANGE_COPIES,
  REMOVE_COPIES,
  COUNT_SHARED,
  SETTLE_SHARED,
  ADD_MIRROR,
  UPDATE_MIRROR,
  SET_FIELDS,
  REMOVE_MIRROR,
  ADD_EVENT,
  ADD_DOWNLOADS,
  RENEW_LOCK,
  RELEASE_LOCK,
];
