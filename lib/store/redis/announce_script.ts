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
