-- KEYS[1] the lock   ARGV[1] our value
-- Returns 1 when it was ours and is gone, 0 when it was somebody else's: that one stays.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
