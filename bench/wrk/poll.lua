-- Machines that ask for work and find none.
local count = 0
request = function()
  count = count + 1
  return wrk.format("GET", string.format("/iclock/getrequest?SN=BENCH%04d", count % 500))
end
