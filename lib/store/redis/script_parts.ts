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

/** What a script answers when this node alone would hear of it: it was not published. */
export const UNHEARD = 2;

/**
 * A function for the end of a script: publishes a message for each path, unless nobody listens but the
 * connection that listens to a channel of this node's own as well. A message costs Redis a fifth of what
 * writing a file does, and the node that gets it more. Listeners at replicas cannot be counted here.
 */
export const ANNOUNCE = `
local function announce(own, channel, prefix, paths)
  local listeners = redis.pcall('PUBSUB', 'NUMSUB', channel, own)
  local replicas = redis.pcall('INFO', 'replication')
  if listeners[2] and listeners[2] == listeners[4] and redis.pcall('PUBSUB', 'NUMPAT') == 0
    and type(replicas) == 'string' and string.find(replicas, 'connected_slaves:0', 1, true) then
    return ${UNHEARD}
  end
  for _, path in ipairs(paths) do redis.call('PUBLISH', channel, prefix .. path) end
  return 1
end
`;
