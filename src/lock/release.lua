-- KEYS[1] line   KEYS[2] alive   KEYS[3] ms of Redis time since which foreign programs had no chance
-- KEYS[4] gap left for foreign programs   KEYS[5] the lock key, with its fence at ":fence"
-- ARGV[1] our value   ARGV[2] ms to claim a key that is handed over   ARGV[3] channel that wakes waiters
-- ARGV[4] ms between two chances for foreign programs   ARGV[5] ms of such a chance, 0 for none
-- Returns 0 when it was somebody else's: that one stays. 1 when it is free now, 2 when the next in line has it.
if redis.call('GET', KEYS[5]) ~= ARGV[1] then return 0 end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[5])
  return 1
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function isChanceDue()
  if ARGV[5] == '0' then return false end
  local since = tonumber(redis.call('GET', KEYS[3]))
  if since and now - since < tonumber(ARGV[4]) then return false end
  -- No mark: the line was empty for a while, and then everybody had a chance.
  redis.call('SET', KEYS[3], string.format('%.0f', now), 'PX', 2 * ARGV[4])
  return since ~= nil
end

while true do
  local head = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if not head then break end
  local untilMs = string.match(redis.call('HGET', KEYS[2], head) or '', '^%d+')
  if untilMs and tonumber(untilMs) >= now then
    redis.call('PUBLISH', ARGV[3], head)
    if isChanceDue() then
      redis.call('SET', KEYS[4], '1', 'PX', ARGV[5])
      break
    end
    redis.call('SET', KEYS[5], head, 'PX', ARGV[2])
    local fence = time[1] * 1000000 + time[2]
    local last = tonumber(redis.call('SET', KEYS[5] .. ':fence', fence, 'GET'))
    if last and last >= fence then redis.call('SET', KEYS[5] .. ':fence', last + 1) end
    redis.call('ZREM', KEYS[1], head)
    redis.call('HDEL', KEYS[2], head)
    return 2
  end
  redis.call('ZREM', KEYS[1], head)
  redis.call('HDEL', KEYS[2], head)
end
redis.call('DEL', KEYS[5])
return 1
