-- KEYS[1] the lock   ARGV[1] our value   ARGV[2] length of the lease in ms
-- Returns 1 when it is still ours and now lasts ARGV[2] ms more, 0 when it is not.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
