import type { Script } from "./script.ts";

/**
 * Arguments: most messages; 1 and key and value where something is expected (no value: an empty one and
 * a 0 before it); then the numbers of IDs to remove, of messages to put (each an ID and a text), and of
 * keys to know (each a 1 and a value, or a 0 and an empty one), each followed by what it counts. Answers
 * 0 where what is expected is not so, else the messages that were dropped.
 */
export const CHANGE_MESSAGES: Script = {
  name: "changeMessages",
  lua: `
local most, at = tonumber(ARGV[1]), 2
local function take() at = at + 1 return ARGV[at - 1] end
if take() == '1' then
  local key, there, value = take(), take(), take()
  local known = redis.call('HGET', 'MIRRORBITS_TOLD', key)
  if there == '0' and known then return 0 end
  if there == '1' and known ~= value then return 0 end
end
for _ = 1, tonumber(take()) do
  local id = take()
  redis.call('HDEL', 'MIRRORBITS_MESSAGES', id)
  redis.call('LREM', 'MIRRORBITS_MESSAGE_IDS', 0, id)
end
for _ = 1, tonumber(take()) do
  local id, text = take(), take()
  if redis.call('HSET', 'MIRRORBITS_MESSAGES', id, text) == 1 then
    redis.call('RPUSH', 'MIRRORBITS_MESSAGE_IDS', id)
  end
end
for _ = 1, tonumber(take()) do
  local key, there, value = take(), take(), take()
  if there == '1' then redis.call('HSET', 'MIRRORBITS_TOLD', key, value)
  else redis.call('HDEL', 'MIRRORBITS_TOLD', key) end
end
local dropped = {}
while redis.call('LLEN', 'MIRRORBITS_MESSAGE_IDS') > most do
  local id = redis.call('LPOP', 'MIRRORBITS_MESSAGE_IDS')
  dropped[#dropped + 1] = redis.call('HGET', 'MIRRORBITS_MESSAGES', id) or ''
  redis.call('HDEL', 'MIRRORBITS_MESSAGES', id)
end
return dropped`,
};

/** Arguments: name of a node, seconds. Answers the names of all nodes that announced themselves. */
export const ANNOUNCE_NODE: Script = {
  name: "announceNode",
  lua: `
redis.call('SET', 'MIRRORBITS_NODE_' .. ARGV[1], '1', 'EX', ARGV[2])
redis.call('SADD', 'MIRRORBITS_NODES', ARGV[1])
local names = {}
for _, name in ipairs(redis.call('SMEMBERS', 'MIRRORBITS_NODES')) do
  if redis.call('EXISTS', 'MIRRORBITS_NODE_' .. name) == 1 then names[#names + 1] = name
  else redis.call('SREM', 'MIRRORBITS_NODES', name) end
end
return names`,
};
