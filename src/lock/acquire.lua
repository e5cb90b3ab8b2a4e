-- KEYS[1] the lock, a plain string   KEYS[2] its fence counter
-- ARGV[1] our value                  ARGV[2] length of the lease in ms
-- Returns {1, fence, ""} when ours, {0, ms left or -1 without TTL, holder} when somebody else's.
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
  -- A reply that was lost: the first call did take it.
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return {1, tonumber(redis.call('GET', KEYS[2])) or 0, ''}
end
if holder then return {0, redis.call('PTTL', KEYS[1]), holder} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1, redis.call('INCR', KEYS[2]), ''}
