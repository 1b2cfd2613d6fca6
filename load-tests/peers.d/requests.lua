-- What wrk sends, and one line of what came of it. All of it comes through the environment: PEERS_METHOD, PEERS_HEADERS (a line each),
-- PEERS_BODY (a file), and with PEERS_COUNT above 1 as many different requests: %d in PEERS_HEADERS is the number, %05d or so in PEERS_PATH.
-- Numbers are drawn evenly, with PEERS_ZIPF by that exponent, the same ones for the same PEERS_SEED. With PEERS_ONCE, wrk ends after as many
-- answers, and numbers that would be drawn evenly are asked for in order.
local count = tonumber(os.getenv("PEERS_COUNT") or "1")
local pause = tonumber(os.getenv("PEERS_PAUSE_MS") or "0")
local once = tonumber(os.getenv("PEERS_ONCE") or "0")
local exponent = tonumber(os.getenv("PEERS_ZIPF") or "")
-- More are not kept as texts, which would take longer to make than a round.
local kept = 20000

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

-- Rejection-inversion of W. Hörmann and G. Derflinger (1996): exact, in constant time, without a table. Ranks from 1; the exponent is not 1.
local function zipf(n, s)
  local function h(x) return x ^ -s end
  local function integral(x) return (x ^ (1 - s) - 1) / (1 - s) end
  local function inverse(y) return (1 + y * (1 - s)) ^ (1 / (1 - s)) end
  local first, last = integral(1.5) - 1, integral(n + 0.5)
  local close = 2 - inverse(integral(2.5) - h(2))
  return function()
    while true do
      local y = last + math.random() * (first - last)
      local x = inverse(y)
      local rank = math.max(1, math.min(n, math.floor(x + 0.5)))
      if rank - x <= close or y >= integral(rank + 0.5) - h(rank) then return rank end
    end
  end
end

if count > 1 then
  local path, format = (os.getenv("PEERS_PATH")):match("^(.-)(%%0%dd)$")
  local function made(number)
    local headers = fields(number)
    headers.Host = headers.Host or wrk.headers.Host
    return wrk.format(nil, path and path .. string.format(format, number) or os.getenv("PEERS_PATH"), headers)
  end

  local draw
  if exponent then
    local rank = zipf(count, exponent)
    draw = function() return rank() - 1 end
  elseif once > 0 then
    local at = -1
    draw = function() at = (at + 1) % count return at end
  else
    draw = function() return math.random(count) - 1 end
  end

  -- A request in its pieces, with the number between them: as many texts are not made in advance.
  local before, after, inner
  local function pieces()
    local marked = made(987654)
    local text = path and string.format(format, 987654) or "987654"
    local from, to = marked:find(text, 1, true)
    before, after, inner = marked:sub(1, from - 1), marked:sub(to + 1), path and format or "%d"
    assert(not after:find(text, 1, true), "a number in more than one place")
  end

  local prepared = {}
  function request()
    if not before then
      math.randomseed(tonumber(os.getenv("PEERS_SEED") or "") or os.time())
      pieces()
      if count <= kept then for number = 0, count - 1 do prepared[number + 1] = made(number) end end
    end
    local number = draw()
    return prepared[number + 1] or before .. string.format(inner, number) .. after
  end
end

if once > 0 then
  local answers = 0
  function response()
    answers = answers + 1
    if answers == once then os.exit(0) end
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
