-- Requests from 20 000 clients, for one file or for several in random order.
-- wrk passes what stands after "--": the number of files to ask for.
local requests = {}

function init(args)
  local files = tonumber(args[1]) or 1
  math.randomseed(42)
  for i = 1, 20000 do
    local address = string.format("%d.%d.%d.%d", 1 + (i * 7919) % 222, (i * 104729) % 256, (i * 31) % 256, 1 + i % 254)
    local file = files == 1 and 0 or math.random(0, files - 1)
    local path = string.format("/pool/main/%d/package-%d_1.0-1_amd64.deb", math.floor(file / 100), file)
    requests[i] = wrk.format("GET", path, { ["X-Forwarded-For"] = address })
  end
end

local n = 0
function request()
  n = n % 20000 + 1
  return requests[n]
end
