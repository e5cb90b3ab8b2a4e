-- KEYS[1] the lock key   KEYS[2] the first lock key of the slot, when that is another one; beside it lies what `ask.lua` tells of
-- ARGV[1] our value   ARGV[2] "claim every gap": ms to claim a key that is handed over, ms between two chances for foreign programs,
-- ms of such a chance (0 for none). In one word, since most calls do not need them and each argument costs
-- Returns 0 when it was somebody else's: that one stays. 1 when it is free now, 2 when the next in line has it.
local key, base = KEYS[1], KEYS[2] or KEYS[1]
local line = base .. ':line'
if redis.call('GET', key) ~= ARGV[1] then return 0 end
-- Taken out and not looked at before: whoever is next waits for each command of this script.
local head, score = unpack(redis.call('ZPOPMIN', line))
if not head then
  redis.call('DEL', key)
  return 1
end

local alive = base .. ':alive'
local claimMs, everyMs, gapMs = string.match(ARGV[2], '^(%d+) (%d+) (%d+)$')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A mark that is missing or old: the line was empty for a while, and then everybody had a chance. The first key only: foreign
-- programs know no other.
local function isChanceDue(mark)
  if gapMs == '0' or KEYS[2] then return false end
  local passed, every = now - (tonumber(mark) or 0), tonumber(everyMs)
  if passed >= 0 and passed < every then return false end
  redis.call('HSET', alive, 'chance', string.format('%.0f', now))
  return passed >= 0 and passed < 2 * every
end

-- In the process that waits, and in no other: the server writes to all that listen, one after the other, before it goes on.
local function call(waiter, fence)
  local process = string.match(waiter, '^ecluse|[^|]*|[^|]*|[^|]*|[^|]*|[^|]*') or ''
  redis.call('PUBLISH', base .. ':wake:' .. process, string.format('%.0f %s %s', fence, key, waiter))
end

local function handOver(waiter)
  redis.call('SET', key, waiter, 'PX', claimMs)
  local fence = redis.call('INCR', key .. ':fence')
  if fence == 1 then
    fence = time[1] * 1000000 + time[2]
    redis.call('SET', key .. ':fence', fence)
  end
  redis.call('HSET', alive, key, string.format('%.0f %s', now, waiter))
  call(waiter, fence)
end

local isHandedOver, gap = false, nil
repeat
  local known = redis.call('HMGET', alive, head, 'chance')
  if tonumber(string.match(known[1] or '', '^%d+') or 0) < now then
    redis.call('HDEL', alive, head)
  elseif head == 'gap' then
    gap = score
  elseif isChanceDue(known[2]) then
    redis.call('ZADD', line, score, head, -1, 'gap')
    redis.call('HSET', alive, 'gap', string.format('%.0f', now + gapMs))
    call(head, 0)
    break
  else
    redis.call('HDEL', alive, head)
    handOver(head)
    isHandedOver = true
    break
  end
  head, score = unpack(redis.call('ZPOPMIN', line))
until not head
if gap then redis.call('ZADD', line, gap, 'gap') end
if isHandedOver then return 2 end
redis.call('DEL', key)
return 1
