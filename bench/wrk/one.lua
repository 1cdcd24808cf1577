-- One punch per request, each a new one: person, second and machine count up.
local thread, count = 0, 0
function setup(t) thread = thread + 1; t:set("id", thread) end
function init(args) base = tonumber(args[1]) or 0 end
request = function()
  count = count + 1
  local n = base + count
  local body = string.format("%d\t2026-%02d-%02d %02d:%02d:%02d\t0\t1\t0\t0\t0\n", 1001 + n % 1000,
    1 + math.floor(n / 2419200) % 6, 1 + math.floor(n / 86400) % 28, math.floor(n / 3600) % 24,
    math.floor(n / 60) % 60, n % 60)
  local path = string.format("/iclock/cdata?SN=BENCH%04d&table=ATTLOG&Stamp=9999", n % 500)
  return wrk.format("POST", path, nil, body)
end
