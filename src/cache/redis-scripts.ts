/**
 * What the Redis store does, as scripts that each run as one, in one round trip. Redis 6.2 or later,
 * or Valkey.
 *
 * Two keys hold what eviction must not take piece by piece; neither expires, so `volatile-*` leaves
 * them alone:
 *
 * - KEYS[1], a hash: `id` of the series, `run` (the server's run_id when it began), `epoch`, `floor`,
 *   and the heartbeat of each database as `beat:<digest>`. While eviction could take the keys
 *   themselves it has only `off`, the policy's name.
 * - KEYS[2], a sorted set: for each tag, as 8 bytes, the epoch of its last announcement; and the
 *   series' id at infinity, which shows that the set is the one that the series began with.
 *
 * Epochs are microseconds of the server's clock, but rise at each announcement however the clock
 * goes: max(epoch + 1, now). Doubles hold them exactly until the year 2255.
 *
 * The floor is what makes forgetting safe: tags are dropped oldest first, the floor rises to the
 * epoch of the last one dropped, and an answer that is older than the floor is dead. It needs no
 * argument about lifetimes or clocks. A server that was restarted (with an old snapshot, say) or
 * replaced has another run_id; a set that was lost lacks the id. Either way the next beat begins a
 * new series, and no answer of the old one is served again.
 *
 * Why a sorted set (`bench/cache/tag-layouts.ts`, 200,000 tags, microseconds of Redis' CPU):
 *
 * | layout | bytes per tag | check 10 | check 50 | check 500 | announce 5 |
 * |---|---|---|---|---|---|
 * | sorted set by epoch | 112 | 13 | 46 | 419 | 18 |
 * | two hashes, rotated by age | 136 | 9 | 36 | 442 | 3 |
 * | one hash: cannot be swept by age | 91 | 8 | 27 | 275 | 5 |
 * | a key per tag: evicted and expired one by one | 117 | 7 | 31 | 330 | 9 |
 *
 * It is the only one whose oldest tags can be dropped a few at a time, by age or by number, and which
 * can tell what was announced since an epoch: few tags, mostly, and then none of the answer's own
 * has to be looked up. 1,000 announcements of 5 tags a second take 2 % of a core.
 *
 * In a Cluster, a script may touch one slot only. The keys of a namespace share the hash tag
 * `{<namespace>:0}`; a Cluster takes as many parts as it has masters, `{<namespace>:<part>}`, each
 * with its own hash and set. An operation's part follows from its public key, so that its answers of
 * all scopes are in one part and a look-up stays one round trip; announcements and beats go to all
 * parts, and an epoch is of one part. Tags are then kept once per part, as a replica is.
 */
export interface RedisScripts {
  /**
   * KEYS: series, tags, one for each answer, one beside them; ARGV: database, heartbeat us, '1' when
   * there is one beside. Says which answer may be served, and whether what stands beside is right;
   * values are read after this script, never before: what then stands there was checked here, or was
   * accepted by a fill since.
   */
  readonly lookUp: string
  /** KEYS: series, tags, answer; ARGV: database, heartbeat us, series, epoch, expires at ms, value. */
  readonly fill: string
  /** KEYS: series, tags; ARGV: packed tags, most tags kept. Gives the server's run_id. */
  readonly announce: string
  /** KEYS: series, tags; ARGV: database, heartbeat us, moment, new series, keep us, '1' after an outage. */
  readonly beat: string
  /** KEYS: series, tags. */
  readonly describe: string
}

const clock = `
local function nowUs()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
-- Lua would print only 14 of an epoch's 16 digits.
local function text(number) return string.format('%.0f', number) end
local function runId() return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') end
local function failed(reply) return type(reply) == 'table' and reply.err ~= nil end
`

/** Whether anything may be served or stored now, and by what. */
const openSeries = `
local function openSeries(database, heartbeatUs)
  local beatField = 'beat:' .. database
  local read = redis.pcall('HMGET', KEYS[1], 'id', 'run', 'epoch', 'floor', 'off', beatField)
  if failed(read) then return nil, 'starting' end
  if read[5] then return nil, 'evicting' end
  if not read[1] or read[2] ~= runId() then return nil, 'starting' end
  local now = nowUs()
  local beat = tonumber(read[6] or '')
  if not beat then return nil, 'no-heartbeat' end
  if now < beat then
    -- The clock was set back: the same beat must not come to be fresh a second time.
    redis.pcall('HDEL', KEYS[1], beatField)
    return nil, 'no-heartbeat'
  end
  if now > beat + heartbeatUs then return nil, 'no-heartbeat' end
  return { id = read[1], epoch = tonumber(read[3]), floor = tonumber(read[4]), now = now }
end
`

const isCurrent = `
local function isCurrent(tags, epoch)
  -- The series' id is always among the newer ones, unless the set was lost.
  local newer = redis.pcall('ZCOUNT', KEYS[2], '(' .. text(epoch), '+inf')
  if failed(newer) or newer == 0 then return false end
  if newer - 1 <= #tags / 8 then
    local announced = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. text(epoch), '(+inf')
    for _, tag in ipairs(announced) do
      if string.find(tags, tag, 1, true) then return false end
    end
    return true
  end
  for at = 1, #tags, 8000 do
    local some = string.sub(tags, at, at + 7999)
    -- unpack adds where it stopped, a number that is no tag.
    local scores = redis.call('ZMSCORE', KEYS[2], struct.unpack(string.rep('c8', #some / 8), some))
    for i = 1, #some / 8 do
      if scores[i] and tonumber(scores[i]) > epoch then return false end
    end
  end
  return true
end
`

const endSeries = `
local function endSeries() redis.call('UNLINK', KEYS[1], KEYS[2]) end
`

const sweep = `
local function sweep(count)
  local newest = redis.call('ZRANGE', KEYS[2], count - 1, count - 1, 'WITHSCORES')
  redis.call('HSET', KEYS[1], 'floor', newest[2])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, count - 1)
end
`

const lookUp = `${clock}${openSeries}${isCurrent}
local series, reason = openSeries(ARGV[1], tonumber(ARGV[2]))
if not series then return { reason } end

local corrupt = 0
-- Header and tags of an answer of ours, false when there is none that could be served.
local function readAnswer(key)
  local head = redis.pcall('GETRANGE', key, 0, 559)
  if head == '' then return false end
  if not failed(head) and #head >= 48 and string.sub(head, 1, 4) == 'LDL1' then
    local length, count, epoch, _, expiresAtMs, id = struct.unpack('>I4I4dddc8', head, 9)
    if length == redis.call('STRLEN', key) and 48 + count * 8 <= length then
      if id ~= series.id or epoch < series.floor or expiresAtMs * 1000 <= series.now then
        return false
      end
      local tags = count <= 64 and string.sub(head, 49, 48 + count * 8)
        or redis.call('GETRANGE', key, 48, 47 + count * 8)
      return { epoch = epoch, tags = tags }
    end
  end
  redis.call('UNLINK', key)
  corrupt = corrupt + 1
  return false
end

local last = ARGV[3] == '1' and #KEYS - 1 or #KEYS
local answers = {}
for i = 3, last do
  local answer = readAnswer(KEYS[i])
  if answer then
    answer.index = i - 3
    table.insert(answers, answer)
  end
end
table.sort(answers, function(a, b) return a.epoch > b.epoch end)
local beside = last < #KEYS and readAnswer(KEYS[#KEYS])
local isBeside = beside and isCurrent(beside.tags, beside.epoch) and 1 or 0
local captured = { series.id, text(series.epoch), text(series.now), corrupt, isBeside }
for _, answer in ipairs(answers) do
  if isCurrent(answer.tags, answer.epoch) then
    return { 'hit', answer.index, unpack(captured) }
  end
end
return { 'miss', -1, unpack(captured) }
`

const fill = `${clock}${openSeries}${isCurrent}
local series, reason = openSeries(ARGV[1], tonumber(ARGV[2]))
if not series then return reason end
local epoch = tonumber(ARGV[4])
if series.id ~= ARGV[3] or epoch < series.floor then return 'overtaken' end
local tags = string.sub(ARGV[6], 49, 48 + struct.unpack('>I4', ARGV[6], 13) * 8)
if not isCurrent(tags, epoch) then return 'overtaken' end
if tonumber(ARGV[5]) * 1000 <= series.now then return 'expired' end
local stored = redis.pcall('SET', KEYS[3], ARGV[6], 'PXAT', ARGV[5])
if not failed(stored) then return 'accepted' end
if string.find(stored.err, 'OOM') then return 'full' end
return stored
`

const announce = `${clock}${endSeries}${sweep}
local run = runId()
local function giveUp()
  endSeries()
  return run
end
local read = redis.pcall('HMGET', KEYS[1], 'id', 'epoch')
if failed(read) then return giveUp() end
-- Without a series, nobody has captured an epoch that could be overtaken.
if not read[1] or ARGV[1] == '' then return run end
local id = redis.pcall('ZSCORE', KEYS[2], read[1])
if failed(id) or not id then return giveUp() end

local epoch = text(math.max(tonumber(read[2]) + 1, nowUs()))
-- Out of memory, for instance: what cannot be written down for some tags is made known for all.
if failed(redis.pcall('HSET', KEYS[1], 'epoch', epoch)) then return giveUp() end
for at = 1, #ARGV[1], 8000 do
  local scored = {}
  for tag = at, math.min(at + 7999, #ARGV[1]), 8 do
    table.insert(scored, epoch)
    table.insert(scored, string.sub(ARGV[1], tag, tag + 7))
  end
  if failed(redis.pcall('ZADD', KEYS[2], unpack(scored))) then return giveUp() end
end
local tooMany = redis.call('ZCARD', KEYS[2]) - 1 - tonumber(ARGV[2])
if tooMany > 0 then sweep(tooMany) end
return run
`

const beat = `${clock}${endSeries}${sweep}
local field, heartbeatUs, run, now = 'beat:' .. ARGV[1], tonumber(ARGV[2]), runId(), nowUs()
local moment = run .. ':' .. text(now)
local policy = string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:(%S+)') or ''
if string.sub(policy, 1, 8) == 'allkeys-' then
  endSeries()
  redis.call('HSET', KEYS[1], 'off', policy)
  return { moment, policy }
end

local read = redis.pcall('HMGET', KEYS[1], 'id', 'run', 'epoch', field)
local isOpen = not failed(read) and read[1] and read[2] == run
if isOpen then
  local id = redis.pcall('ZSCORE', KEYS[2], read[1])
  isOpen = id and not failed(id)
end
if not isOpen then
  endSeries()
  redis.call('HSET', KEYS[1], 'id', ARGV[4], 'run', run, 'epoch', text(now), 'floor', text(now))
  redis.call('ZADD', KEYS[2], '+inf', ARGV[4])
  read = { ARGV[4], run, text(now), false }
end

local sinceRun, since = string.match(ARGV[3], '^(%x+):(%d+)$')
since = tonumber(since or '')
if since and sinceRun == run and since <= now then
  local before = tonumber(read[4] or '')
  if not before then
    -- Databases come and go with restores; only those that beat are worth a field.
    local fields = redis.call('HGETALL', KEYS[1])
    for i = 1, #fields, 2 do
      local isLapsed = string.sub(fields[i], 1, 5) == 'beat:'
        and tonumber(fields[i + 1]) + heartbeatUs < now
      if isLapsed then redis.call('HDEL', KEYS[1], fields[i]) end
    end
  end
  if ARGV[6] == '1' and isOpen and (not before or now > before + heartbeatUs) then
    local epoch = text(math.max(tonumber(read[3]) + 1, now))
    redis.call('HSET', KEYS[1], 'epoch', epoch, 'floor', epoch)
  end
  if not before or since > before or before > now then
    redis.call('HSET', KEYS[1], field, text(since))
  end
end

local old = redis.call('ZCOUNT', KEYS[2], '-inf', '(' .. text(now - tonumber(ARGV[5])))
if old > 0 then sweep(math.min(old, 1000)) end
return { moment, '' }
`

const describe = `${clock}
local function number(reply) return type(reply) == 'number' and reply or 0 end
local used = string.match(redis.call('INFO', 'memory'), 'used_memory:(%d+)')
return { number(redis.call('DBSIZE')), used, number(redis.pcall('ZCARD', KEYS[2])) }
`

export const redisScripts: RedisScripts = { lookUp, fill, announce, beat, describe }
