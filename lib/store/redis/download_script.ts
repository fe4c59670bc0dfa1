import type { Script } from "./script.ts";

/**
 * Arguments: key that marks the batch as written (empty: none), seconds for which it is kept, number of
 * key endings, these endings, number of files, path and downloads of each, number of mirrors, ID,
 * downloads and bytes of each, then key, seconds, path, ID (empty: none) and bytes of each download in
 * ranges. One script, so that a batch counts wholly or not at all, and with a mark only once. It
 * replicates what it did, where servers replicate scripts otherwise: keys expire earlier on a primary.
 * A counter that is none, or whose key holds another type, is left out: a script that ends half-way has
 * written half. Answers the downloads that were counted, then key and reason of each that was left out.
 */
export const ADD_DOWNLOADS: Script = {
  name: "addDownloads",
  lua: `
if redis.replicate_commands then redis.replicate_commands() end
if ARGV[1] ~= '' then
  if not redis.call('SET', ARGV[1], 1, 'NX', 'EX', ARGV[2]) then
    redis.call('EXPIRE', ARGV[1], ARGV[2])
    return { '0' }
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
local wrong, odd = {}, {}
local function add(command, key, ...)
  local answer = redis.pcall(command, key, ...)
  if type(answer) ~= 'table' or not answer.err or wrong[key] then return end
  wrong[key] = true
  odd[#odd + 1] = key
  odd[#odd + 1] = answer.err
end
local function file(path, downloads)
  for _, ending in ipairs(endings) do
    add('HINCRBY', 'STATS_FILE' .. ending, path, downloads)
  end
  total = total + tonumber(downloads)
end
local function mirror(id, downloads, bytes)
  for _, ending in ipairs(endings) do
    add('HINCRBY', 'STATS_MIRROR' .. ending, id, downloads)
    add('HINCRBY', 'STATS_MIRROR_BYTES' .. ending, id, bytes)
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
if total > 0 then add('INCRBY', 'STATS_TOTAL', string.format('%.0f', total)) end
return { string.format('%.0f', total), unpack(odd) }`,
};
