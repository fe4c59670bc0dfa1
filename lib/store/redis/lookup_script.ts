import type { Script } from "./script.ts";

/**
 * Arguments: path. Answers size, modTime, sha1, sha256, md5 of the source file, then ID, size and
 * modTime of each copy; nothing when the source has no such file.
 */
export const LOOKUP: Script = {
  name: "lookup",
  lua: `
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
return found`,
};
