-- KEYS[1] and on: the lock keys, one per permit, each with its fence at ":fence". Beside the first of them: ":line" (sorted set:
-- value -> priority and arrival; "gap" stands in front of all while the first key is left to foreign programs), ":arrivals" (counter) and
-- ":alive" (hash: value -> ms of Redis time until which it counts as alive, and since which it waits; lock key -> ms since which
-- who waited for it holds it, and his value; "chance" -> when foreign programs last had one).
-- ARGV[1] our value   ARGV[2] length of the lease in ms   ARGV[3] priority, or '' to try once and not wait in line
-- ARGV[4] "alive claim": ms a waiter counts as alive, and ms to claim a key that was handed over
-- Returns the fence when the first key is ours, {fence, unit from 1} for another one; {0, place in line from 1 or 0, ms of gap,
-- ms left as PTTL gives them, holder and last fence of each key} when not. Who is handed a key is called on ":wake:" and the first six
-- parts of his value, which name his process: "fence key value", with fence 0 when there is only something to look at.
local base, value = KEYS[1], ARGV[1]
local line = base .. ':line'

-- Nobody waits and no gap is left: the short way, which nearly every call of a quiet day takes.
local isFree = redis.call('EXISTS', line) == 0 and redis.call('SET', base, value, 'NX', 'PX', ARGV[2])
if isFree then
  local fence = redis.call('INCR', base .. ':fence')
  if fence > 1 then return fence end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A counter that was lost (a new Redis, a foreign DEL) goes on from the server's clock: grants are rarer than one a microsecond,
-- so a fence only ever grows.
local function anew(key)
  local fence = time[1] * 1000000 + time[2]
  redis.call('SET', key .. ':fence', fence)
  return fence
end
if isFree then return anew(base) end

local function grow(key)
  local fence = redis.call('INCR', key .. ':fence')
  return fence > 1 and fence or anew(key)
end

local alive = base .. ':alive'
local aliveMs, claimMs = string.match(ARGV[4], '^(%d+) (%d+)$')
local free = {}
for unit, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if holder == value then
    -- Handed to us while we waited, or the reply to an earlier call was lost.
    redis.call('PEXPIRE', key, ARGV[2])
    return {tonumber(redis.call('GET', key .. ':fence')) or grow(key), unit}
  end
  if not holder then free[#free + 1] = unit end
end

local function forget(waiter)
  redis.call('ZREM', line, waiter)
  redis.call('HDEL', alive, waiter)
end

local function aliveUntil(waiter) return tonumber(string.match(redis.call('HGET', alive, waiter) or '', '^%d+') or 0) end

-- Foreign programs know the first key only: only that one is left to them.
local gapMs = 0
if redis.call('ZSCORE', line, 'gap') then
  gapMs = math.max(0, aliveUntil('gap') - now)
  if gapMs == 0 then forget('gap') end
end

-- The first that still lives. One that died or was stopped leaves the line; if it comes back it asks anew.
local function first()
  local at = gapMs > 0 and 1 or 0
  while true do
    local head = redis.call('ZRANGE', line, at, at)[1]
    if not head or head == value or aliveUntil(head) >= now then return head end
    forget(head)
  end
end

for _, unit in ipairs(free) do
  if unit > 1 or gapMs == 0 then
    local key, head = KEYS[unit], first()
    local ahead = not head or head == value
    if not ahead and not redis.call('ZSCORE', line, value) then
      ahead = (tonumber(ARGV[3]) or math.huge) < math.floor(redis.call('ZSCORE', line, head) / 1099511627776)
    end
    if ahead then
      redis.call('SET', key, value, 'PX', ARGV[2])
      forget(value)
      return {grow(key), unit}
    end
    redis.call('SET', key, head, 'PX', claimMs)
    local fence = grow(key)
    forget(head)
    redis.call('HSET', alive, key, string.format('%.0f %s', now, head))
    local process = string.match(head, '^ecluse|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*') or ''
    redis.call('PUBLISH', base .. ':wake:' .. process, string.format('%.0f %s %s', fence, key, head))
  end
end

if ARGV[3] ~= '' then
  if not redis.call('ZSCORE', line, value) then
    redis.call('ZADD', line, ARGV[3] * 1099511627776 + redis.call('INCR', base .. ':arrivals'), value)
  end
  local since = string.match(redis.call('HGET', alive, value) or '', '%d+$')
  redis.call('HSET', alive, value, string.format('%.0f %s', now + aliveMs, since or string.format('%.0f', now)))
end
local rank = redis.call('ZRANK', line, value)
local reply = {0, rank and rank + (gapMs > 0 and 0 or 1) or 0, gapMs}
for _, key in ipairs(KEYS) do
  reply[#reply + 1] = redis.call('PTTL', key)
  reply[#reply + 1] = redis.call('GET', key) or ''
  reply[#reply + 1] = tonumber(redis.call('GET', key .. ':fence')) or 0
end
return reply
