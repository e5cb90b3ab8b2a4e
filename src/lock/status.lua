-- KEYS[1] line   KEYS[2] alive   from the third on: the lock keys of the slot, each with its fence at ":fence"
-- Returns {µs of Redis time, {holder, ms left as PTTL gives them, fence} per key, {value, score, alive until, since} per waiter}.
local time = redis.call('TIME')
local keys, waiters = {}, {}
for unit = 3, #KEYS do
  local key = KEYS[unit]
  keys[#keys + 1] = {redis.call('GET', key) or '', redis.call('PTTL', key), tonumber(redis.call('GET', key .. ':fence')) or 0}
end
local line = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for at = 1, #line, 2 do
  local untilMs, sinceMs = string.match(redis.call('HGET', KEYS[2], line[at]) or '', '^(%d+) (%d+)$')
  waiters[#waiters + 1] = {line[at], line[at + 1], untilMs or '0', sinceMs or '0'}
end
return {time[1] * 1000000 + time[2], keys, waiters}
