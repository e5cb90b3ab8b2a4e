-- KEYS[1] line (sorted set: value -> priority and arrival)   KEYS[2] alive (hash: value -> ms of Redis time until which, and since which it waits)
-- KEYS[3] arrival counter   KEYS[4] gap left for foreign programs   KEYS[5] and on: the lock keys, each with its fence at ":fence"
-- ARGV[1] our value   ARGV[2] length of the lease in ms   ARGV[3] priority   ARGV[4] ms a waiter counts as alive
-- ARGV[5] ms to claim a key that was handed over   ARGV[6] channel that wakes waiters   ARGV[7] 1 to wait in line, 0 to try once
-- Returns {1, fence, unit from 1} when ours, {0, ms left or -1, holder, place in line from 1 or 0, ms of gap} when not.
local value = ARGV[1]

-- The instant of the grant in µs of the server's clock, or one more than the last when that clock went back: it grows whatever
-- was lost (a new Redis, a foreign DEL), and tells since when.
local function grow(key)
  local time = redis.call('TIME')
  local fence = time[1] * 1000000 + time[2]
  local last = tonumber(redis.call('SET', key .. ':fence', fence, 'GET'))
  if not last or last < fence then return fence end
  redis.call('SET', key .. ':fence', last + 1)
  return last + 1
end

-- Nobody waits and no gap is left: the short way, which nearly every call of a quiet day takes.
if redis.call('EXISTS', KEYS[1], KEYS[4]) == 0 and redis.call('SET', KEYS[5], value, 'NX', 'PX', ARGV[2]) then
  return {1, grow(KEYS[5]), 1}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function forget(waiter)
  redis.call('ZREM', KEYS[1], waiter)
  redis.call('HDEL', KEYS[2], waiter)
end

local free = {}
for unit = 5, #KEYS do
  local holder = redis.call('GET', KEYS[unit])
  if holder == value then
    -- Handed to us while we waited, or the reply to an earlier call was lost.
    redis.call('PEXPIRE', KEYS[unit], ARGV[2])
    forget(value)
    return {1, tonumber(redis.call('GET', KEYS[unit] .. ':fence')) or grow(KEYS[unit]), unit - 4}
  end
  if not holder then free[#free + 1] = unit end
end

-- The first that still lives. One that died or was stopped leaves the line; if it comes back it asks anew.
local function first()
  while true do
    local head = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
    if not head or head == value then return head end
    local untilMs = string.match(redis.call('HGET', KEYS[2], head) or '', '^%d+')
    if untilMs and tonumber(untilMs) >= now then return head end
    forget(head)
  end
end

local gap = #free > 0 and redis.call('PTTL', KEYS[4]) or 0
if gap <= 0 then
  for _, unit in ipairs(free) do
    local head = first()
    local ahead = not head or head == value
    if not ahead and not redis.call('ZSCORE', KEYS[1], value) then
      ahead = tonumber(ARGV[3]) < math.floor(redis.call('ZSCORE', KEYS[1], head) / 1099511627776)
    end
    local winner = ahead and value or head
    redis.call('SET', KEYS[unit], winner, 'PX', ahead and ARGV[2] or ARGV[5])
    local fence = grow(KEYS[unit])
    forget(winner)
    if ahead then return {1, fence, unit - 4} end
    redis.call('PUBLISH', ARGV[6], winner)
  end
end

if ARGV[7] == '1' then
  if not redis.call('ZSCORE', KEYS[1], value) then
    redis.call('ZADD', KEYS[1], ARGV[3] * 1099511627776 + redis.call('INCR', KEYS[3]), value)
  end
  local sinceMs = string.match(redis.call('HGET', KEYS[2], value) or '', '%d+$')
  redis.call('HSET', KEYS[2], value, string.format('%.0f %s', now + ARGV[4], sinceMs or string.format('%.0f', now)))
end
local place = redis.call('ZRANK', KEYS[1], value)
return {0, redis.call('PTTL', KEYS[5]), redis.call('GET', KEYS[5]) or '', place and place + 1 or 0, math.max(gap, 0)}
