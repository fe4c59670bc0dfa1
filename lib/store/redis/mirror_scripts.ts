import type { Script } from "./script.ts";

/** A function: whether a mirror other than one (an ID) has a name. */
const NAME_TAKEN = `
local function taken(name, own)
  for _, id in ipairs(redis.call('HKEYS', 'MIRRORS')) do
    if id ~= own and redis.call('HGET', 'MIRRORS', id) == name then return true end
  end
  return false
end`;

/** Arguments: name, then field and value in turn. Answers the new ID; 0 when the name is taken. */
export const ADD_MIRROR: Script = {
  name: "addMirror",
  lua: `${NAME_TAKEN}
if taken(ARGV[1], '') then return 0 end
local id
repeat
  id = redis.call('INCR', 'LAST_MID')
until redis.call('HEXISTS', 'MIRRORS', id) == 0
redis.call('HMSET', 'MIRROR_' .. id, 'ID', id, unpack(ARGV, 2))
redis.call('HSET', 'MIRRORS', id, ARGV[1])
redis.call('SETNX', 'MIRRORBITS_DB_VERSION', '2')
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return id`,
};

/**
 * Arguments: ID, name, number of fields to delete, these fields, then field and value in turn. Answers 1,
 * 0 when the mirror is gone, -1 when the name is taken.
 */
export const UPDATE_MIRROR: Script = {
  name: "updateMirror",
  lua: `${NAME_TAKEN}
local id, gone = ARGV[1], tonumber(ARGV[3])
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
if taken(ARGV[2], id) then return -1 end
if gone > 0 then redis.call('HDEL', 'MIRROR_' .. id, unpack(ARGV, 4, 3 + gone)) end
redis.call('HMSET', 'MIRROR_' .. id, 'ID', id, unpack(ARGV, 4 + gone))
redis.call('HSET', 'MIRRORS', id, ARGV[2])
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return 1`,
};

/**
 * Arguments: ID, number of fields to delete, these fields, then field and value in turn. Answers 0 when
 * the mirror is gone.
 */
export const SET_FIELDS: Script = {
  name: "setFields",
  lua: `
local id, gone = ARGV[1], tonumber(ARGV[2])
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
if gone > 0 then redis.call('HDEL', 'MIRROR_' .. id, unpack(ARGV, 3, 2 + gone)) end
if #ARGV > 2 + gone then redis.call('HMSET', 'MIRROR_' .. id, unpack(ARGV, 3 + gone)) end
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return 1`,
};

/**
 * Arguments: ID. Removes what is left of a mirror once no file is on it. Answers 1, 0 when the mirror
 * is gone already, -1 when there are files on it (again). A scan of the original that was cut short leaves
 * all paths in a set: since Redis 4 that is freed without making others wait.
 */
export const REMOVE_MIRROR: Script = {
  name: "removeMirror",
  lua: `
local id = ARGV[1]
if redis.call('HEXISTS', 'MIRRORS', id) == 0 then return 0 end
if redis.call('EXISTS', 'MIRRORFILES_' .. id) == 1 then return -1 end
local keys = { 'MIRROR_' .. id, 'MIRRORFILESTMP_' .. id, 'HANDLEDFILES_' .. id,
  'MIRRORLOGS_' .. id, 'SCANNING_' .. id, 'MIRRORBITS_VERIFIED_' .. id }
if type(redis.pcall('UNLINK', unpack(keys))) ~= 'number' then redis.call('DEL', unpack(keys)) end
redis.call('HDEL', 'MIRRORS', id)
redis.call('PUBLISH', '_mirrorbits_mirror_update', id)
return 1`,
};

/** Arguments: ID, event, how many to keep. An event of a mirror that is gone is dropped. */
export const ADD_EVENT: Script = {
  name: "addEvent",
  lua: `
if redis.call('HEXISTS', 'MIRRORS', ARGV[1]) == 0 then return 0 end
local key = 'MIRRORLOGS_' .. ARGV[1]
local there = redis.call('TYPE', key).ok
if there ~= 'list' and there ~= 'none' then return -1 end
redis.call('RPUSH', key, ARGV[2])
redis.call('LTRIM', key, -tonumber(ARGV[3]), -1)
return 1`,
};
