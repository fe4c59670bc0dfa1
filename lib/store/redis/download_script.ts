import type { Script } from "./script.ts";

/**
 * Arguments: key that marks the batch as written (empty: none), seconds for which it is kept, number of
 * key endings, these endings, the day's ending (empty: nothing is counted by name), number of files, path
 * and downloads of each, number of mirrors, ID, downloads and bytes of each, number of hours, ending of each
 * (empty: the day alone) with the number of its names, name and count of each, then key, seconds, path, ID
 * (empty: none), bytes, the hour's ending (empty: none) and the name that counts the country of each download
 * in ranges.
 *
 * One script, so that a batch counts wholly or not at all, and with a mark only once. It replicates what it
 * did, where servers replicate scripts otherwise: keys expire earlier on a primary. A counter that is none,
 * or whose key holds another type, is left out: a script that ends half-way has written half. What is
 * counted by name on a day begins with what mirrors have by then: others may count that do not by name.
 * Answers the downloads that were counted, then key and reason of each that was left out.
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
local function sum(key)
  local hash = redis.pcall('HGETALL', key)
  local all = 0
  if not hash.err then
    for i = 2, #hash, 2 do all = all + (tonumber(hash[i]) or 0) end
  end
  return string.format('%.0f', all)
end
local day = ARGV[take(1)]
if day ~= '' and redis.call('EXISTS', 'MIRRORBITS_STATS' .. day) == 0 then
  local downloads = sum('STATS_MIRROR' .. day)
  if downloads ~= '0' then
    add('HINCRBY', 'MIRRORBITS_STATS' .. day, 'downloads', downloads)
    add('HINCRBY', 'MIRRORBITS_STATS' .. day, 'bytes', sum('STATS_MIRROR_BYTES' .. day))
  end
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
local function series(ending, name, by)
  if ending ~= '' then add('HINCRBY', 'MIRRORBITS_STATS' .. ending, name, by) end
  add('HINCRBY', 'MIRRORBITS_STATS' .. day, name, by)
end
for i = 1, count() do
  local hour = ARGV[take(1)]
  for j = 1, count() do
    local s = take(2)
    series(hour, ARGV[s], ARGV[s + 1])
  end
end
while at < #ARGV do
  local r = take(7)
  local known = redis.call('EXISTS', ARGV[r])
  redis.call('SET', ARGV[r], 1, 'EX', ARGV[r + 1])
  if known == 0 then
    file(ARGV[r + 2], 1)
    series(ARGV[r + 5], 'downloads', 1)
    series(ARGV[r + 5], ARGV[r + 6], 1)
    if ARGV[r + 3] ~= '' then
      mirror(ARGV[r + 3], 1, ARGV[r + 4])
      series(ARGV[r + 5], 'bytes', ARGV[r + 4])
    end
  end
end
if total > 0 then add('INCRBY', 'STATS_TOTAL', string.format('%.0f', total)) end
return { string.format('%.0f', total), unpack(odd) }`,
};
