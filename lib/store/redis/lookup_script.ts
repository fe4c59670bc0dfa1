import type { Script } from "./script.ts";

/** What is answered in the place of a file that is not there: no list, which an odd server might give. */
export const NO_FILE = "none";

/**
 * Arguments: path. Answers size, modTime, sha1, sha256, md5 of the source file, then ID, size and
 * modTime of each copy; {@linkcode NO_FILE} when the source has no such file. A key that holds another type is left
 * out: that of the file answers what is wrong alone, that of a copy its ID, nothing and what is wrong,
 * that of the list of copies an empty ID likewise.
 */
export const LOOKUP: Script = {
  name: "lookup",
  lua: `
local path = ARGV[1]
local found = redis.pcall('HMGET', 'FILE_' .. path, 'size', 'modTime', 'sha1', 'sha256', 'md5')
if found.err then return { found.err } end
if not (found[1] or found[2]) then return '${NO_FILE}' end
local ids = redis.pcall('SMEMBERS', 'FILEMIRRORS_' .. path)
if ids.err then
  found[6], found[7], found[8] = '', false, ids.err
  return found
end
for _, id in ipairs(ids) do
  local copy = redis.pcall('HMGET', 'FILEINFO_' .. id .. '_' .. path, 'size', 'modTime')
  local at = #found
  if copy.err then
    found[at + 1], found[at + 2], found[at + 3] = id, false, copy.err
  elseif copy[1] then
    found[at + 1], found[at + 2], found[at + 3] = id, copy[1], copy[2]
  end
end
return found`,
};
