-- What wrk sends, and one line of what came of it. All of it comes through the environment: PEERS_METHOD, PEERS_HEADERS (a line each),
-- PEERS_BODY (a file), and with PEERS_COUNT above 1 as many different requests, drawn evenly: %d in PEERS_PATH and PEERS_HEADERS is the number.
local count = tonumber(os.getenv("PEERS_COUNT") or "1")
local pause = tonumber(os.getenv("PEERS_PAUSE_MS") or "0")

local function fields(number)
  local all = {}
  for line in (os.getenv("PEERS_HEADERS") or ""):gmatch("[^\n]+") do
    local name, value = line:match("^([^:]+): *(.*)$")
    all[name] = (value:gsub("%%d", tostring(number)))
  end
  return all
end

wrk.method = os.getenv("PEERS_METHOD") or "GET"
for name, value in pairs(fields(0)) do wrk.headers[name] = value end
if (os.getenv("PEERS_BODY") or "") ~= "" then
  local file = assert(io.open(os.getenv("PEERS_BODY"), "rb"))
  wrk.body = file:read("*a")
  file:close()
end

if count > 1 then
  local prepared = {}
  function request()
    if #prepared == 0 then
      math.randomseed(os.time())
      for number = 0, count - 1 do
        local headers = fields(number)
        headers.Host = headers.Host or wrk.headers.Host
        prepared[number + 1] = wrk.format(nil, (os.getenv("PEERS_PATH"):gsub("%%05d", string.format("%05d", number))), headers)
      end
    end
    return prepared[math.random(count)]
  end
end

if pause > 0 then
  function delay() return math.random(0, pause) end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes, latency:percentile(50),
    latency:percentile(99), latency:percentile(99.9), e.status, e.connect + e.read + e.write + e.timeout))
end
