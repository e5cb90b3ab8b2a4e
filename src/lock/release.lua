-- KEYS[1] the lock key   KEYS[2] the first lock key of the slot, when that is another one; beside it lies what `ask.lua` tells of
-- ARGV[1] our value   ARGV[2] "claim every gap": ms to claim a key that is handed over, ms between two chances for foreign programs,
-- ms of such a chance (0 for none). In one word, since most calls do not need them and each argument costs
-- Returns 0 when it was somebody else's: that one stays. 1 when it is free now, 2 when the next in line has it.
local key, base = KEYS[1], KEYS[2] or KEYS[1]
local line = base .. ':line'
if redis.call('GET', key) ~= ARGV[1] then return 0 end
if redis.call('EXISTS', line) == 0 then
  redis.call('DEL', key)
  return 1
end

local alive = base .. ':alive'
local claimMs, everyMs, gapMs = string.match(ARGV[2], '^(%d+) (%d+) (%d+)$')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function aliveUntil(waiter) return tonumber(string.match(redis.call('HGET', alive, waiter) or '', '^%d+') or 0) end

-- A mark that is missing or old: the line was empty for a while, and then everybody had a chance. The first key only: foreign
-- programs know no other.
local function isChanceDue()
  if gapMs == '0' or KEYS[2] then return false end
  local last, every = tonumber(redis.call('HGET', alive, 'chance')) or 0, tonumber(everyMs)
  local passed = now - last
  if passed >= 0 and passed < every then return false end
  redis.call('HSET', alive, 'chance', string.format('%.0f', now))
  return passed >= 0 and passed < 2 * every
end

local function forget(waiter)
  redis.call('ZREM', line, waiter)
  redis.call('HDEL', alive, waiter)
end

local head = redis.call('ZRANGE', line, 0, 0)[1]
local at = head == 'gap' and aliveUntil('gap') > now and 1 or 0
while true do
  head = redis.call('ZRANGE', line, at, at)[1]
  if not head then break end
  local isAlive = head ~= 'gap' and aliveUntil(head) >= now
  if isAlive and isChanceDue() then
    redis.call('ZADD', line, -1, 'gap')
    redis.call('HSET', alive, 'gap', string.format('%.0f', now + gapMs))
    redis.call('PUBLISH', base .. ':wake', '0 ' .. key .. ' ' .. head)
    break
  end
  forget(head)
  if isAlive then
    redis.call('SET', key, head, 'PX', claimMs)
    local fence = redis.call('INCR', key .. ':fence')
    if fence == 1 then
      fence = time[1] * 1000000 + time[2]
      redis.call('SET', key .. ':fence', fence)
    end
    redis.call('HSET', alive, key, string.format('%.0f %s', now, head))
    redis.call('PUBLISH', base .. ':wake', string.format('%.0f %s %s', fence, key, head))
    return 2
  end
end
redis.call('DEL', key)
return 1
