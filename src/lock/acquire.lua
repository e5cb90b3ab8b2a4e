-- KEYS[1] the lock, a plain string   KEYS[2] its fence counter
-- ARGV[1] our value                  ARGV[2] length of the lease in ms
-- Returns {1, fence, ""} when ours, {0, ms left or -1 without TTL, holder} when somebody else's.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return {0, redis.call('PTTL', KEYS[1]), holder} end
if redis.call('EXISTS', KEYS[2]) == 0 then
  -- A counter that was lost (a new Redis, a foreign DEL) goes on from the server's clock, not from 1: grants are rarer than
  -- one a microsecond, so a fence only ever grows.
  local now = redis.call('TIME')
  redis.call('SET', KEYS[2], string.format('%.0f', now[1] * 1000000 + now[2]))
elseif holder then
  -- A reply that was lost: the first call did take it.
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return {1, tonumber(redis.call('GET', KEYS[2])), ''}
end
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1, fence, ''}
