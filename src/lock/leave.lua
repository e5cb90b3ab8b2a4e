-- KEYS[1] the first lock key of the slot, with what `ask.lua` tells of beside it   ARGV[1] our value
-- Returns 1 when we stood in line and left it, 0 when not: then a key may be ours, and is to be released.
redis.call('HDEL', KEYS[1] .. ':alive', ARGV[1])
return redis.call('ZREM', KEYS[1] .. ':line', ARGV[1])
