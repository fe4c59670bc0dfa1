/**
 * For the start of a script: `setter(key, …)` gives the command that sets several fields of a hash. HSET
 * does since Redis 4; HMSET, which does everywhere, answers with more than a number, for which a script
 * pays a tenth of what writing a file costs. It sets the fields given, so as to find out.
 */
export const SETTER = `
local function setter(...)
  return type(redis.pcall('HSET', ...)) == 'number' and 'HSET' or 'HMSET'
end
`;
