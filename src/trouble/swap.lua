-- KEYS[1] what is known of one target   ARGV[1] what it must be now, "" for nothing   ARGV[2] what it becomes, "" for nothing
-- ARGV[3] ms after which it is forgotten
-- Returns 1 when it was swapped, 0 when somebody else was faster.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
