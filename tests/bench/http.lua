-- What wrk asks: GET of one random action, a random page of 50, or a PATCH of one. ARGS: kind key actions
local kind, key, actions
local headers = {}

function init(args)
   kind, key, actions = args[1], args[2], tonumber(args[3])
   headers["Authorization"] = "Bearer " .. key
   if kind == "patch" then
      headers["Content-Type"] = "application/json"
      headers["If-Match"] = "*"
   end
   math.randomseed(os.time())
end

function request()
   local id = math.random(1, actions)
   if kind == "read" then
      return wrk.format("GET", "/v1/actions/" .. id, headers)
   elseif kind == "page" then
      return wrk.format("GET", "/v1/actions?limit=50&plan=plan-" .. math.random(1, math.floor(actions / 200)), headers)
   end
   return wrk.format("PATCH", "/v1/actions/" .. id, headers, '{"percent":' .. math.random(0, 100) .. '}')
end

function done(summary, latency, requests)
   local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
   io.write(string.format("RESULT %.1f %.3f %d\n", summary.requests / summary.duration * 1e6,
      latency:percentile(99) / 1000, errors))
end
