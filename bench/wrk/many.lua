-- 500 punches per request, all new: the backlog of a machine that was cut off.
local count = 0
function init(args) base = tonumber(args[1]) or 0 end
request = function()
  count = count + 1
  local lines = {}
  local n = base + count
  local at = string.format("\t2026-%02d-%02d %02d:%02d:%02d\t0\t1\t0\t0\t0\n",
    1 + math.floor(n / 2419200) % 6, 1 + math.floor(n / 86400) % 28, math.floor(n / 3600) % 24,
    math.floor(n / 60) % 60, n % 60)
  for i = 1, 500 do lines[i] = (1000 + i) .. at end
  local path = string.format("/iclock/cdata?SN=BENCH%04d&table=ATTLOG&Stamp=9999", n % 500)
  return wrk.format("POST", path, nil, table.concat(lines))
end
