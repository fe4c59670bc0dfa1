/**
 * For the start of a script: `tolerant(…)` calls a command, and answers with the error instead of ending
 * the script when a key holds another type: one key that somebody else wrote must not keep a scan from
 * writing all others. Such an answer is an empty list for `ipairs`. The key is left as it is, and left
 * out by whoever reads it.
 */
export const TOLERANT = `
local function tolerant(...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err
    and not string.find(answer.err, 'WRONGTYPE', 1, true) then error(answer.err, 0) end
  return answer
end
`;
