-- KEYS[1] and on: the lock keys of the slot, with what `ask.lua` tells of beside the first. Nothing is changed.
-- Returns {ms of Redis time, {holder, ms left as PTTL gives them, fence, ms since which and value of who waited for it} per key,
-- {value, score, ms until which it counts as alive, ms since which it waits} per waiter}.
local line, alive = KEYS[1] .. ':line', KEYS[1] .. ':alive'
local time = redis.call('TIME')
local keys, waiters = {}, {}
for at, key in ipairs(KEYS) do
  local fence = tonumber(redis.call('GET', key .. ':fence')) or 0
  keys[at] = {redis.call('GET', key) or '', redis.call('PTTL', key), fence, redis.call('HGET', alive, key) or ''}
end
local standing = redis.call('ZRANGE', line, 0, -1, 'WITHSCORES')
for at = 1, #standing, 2 do
  local untilMs, sinceMs = string.match(redis.call('HGET', alive, standing[at]) or '', '^(%d+) (%d+)$')
  if standing[at] ~= 'gap' then waiters[#waiters + 1] = {standing[at], standing[at + 1], untilMs or '0', sinceMs or '0'} end
end
return {time[1] * 1000 + math.floor(time[2] / 1000), keys, waiters}
