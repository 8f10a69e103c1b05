import { MIN_REPOST_SIMILARITY } from './near-duplicate-index.ts';

/** How both scripts find the postings of an article's hashes. */
const PRELUDE = `
local base, id, content, hashes = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local byte, char, sub, find, floor = string.byte, string.char, string.sub, string.find, math.floor

local function placeOf(i)
  local a, b, c, d = byte(hashes, 4 * i - 3, 4 * i)
  return base .. 'p' .. ((a % 64) * 256 + b), floor(a / 64) * 8 + floor(c / 32), char(c, d)
end
`;

/**
 * Looks an article up and stores it, in one atomic step. It answers from what is stored, or stores; with candidates and no verdict on
 * them it stores nothing and hands them out, so that every comparison of texts is made in one place, by the caller.
 *
 * Keys, all under KEYS[1], which holds the hash tag of the language (so that they share a slot of Redis Cluster):
 *   m          marker: this language's index is whole
 *   n          number of the newest article
 *   t          hash: day of seenAt → number of the first article stored on it
 *   v<id>      verdict on an article, or u for a unique one             expires with the content window
 *   x<hash>    verdict of the first article with a content hash         expires with the content window
 *   p<shelf>   hash: bucket → postings: 2 bytes of hash, 4 bytes of article number, in order of number. 16,384 shelves of 32 buckets:
 *              a shelf is packed in one block of memory, searched from its start, until a bucket has more than ten postings
 *              (hash-max-listpack-value 64); a bucket is read and written whole (60 postings at a million articles)
 *   d<n/100>   hash: n%100 → record of an article (10 bytes of head, id, NUL, original's id unless it is the same)
 *   f<block>…  2-bit counters of paragraphs of a source (counting Bloom filter)
 *
 * ARGV: 1 id, 2 content hash or '', 3 sketch hashes as u32, 4 day of seenAt, 5 record head, 6 verdict or '', 7 newest article the verdict
 * knows, 8 'offer', 'restore' or 'peek' (what would be answered about an article known already, which is not stored), 9 verdict of
 * a unique article, 10 first day still in the sketch window, 11 postings TTL s, 12 verdict TTL s, 13 most postings, 14 fewest shared
 * hashes, 15 most candidates, 16 '1' when near-duplicates may be found, 17 paragraph counters key or '', 18 its TTL s, 19… counters to raise.
 * Reply: {0} marker missing · {1, verdict, again} · {2, newest, shared, record, shared, record, …}
 */
export const MATCH_OR_INSERT = `${PRELUDE}
local day, verdict, upTo, restoring = tonumber(ARGV[4]), ARGV[6], tonumber(ARGV[7]), ARGV[8] == 'restore'
local peeking = ARGV[8] == 'peek'
local maxPostings, minShared, maxCandidates = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
if not restoring and redis.call('EXISTS', base .. 'm') == 0 then return {0} end
local known = redis.call('GET', base .. 'v' .. id)
if known == 'u' then known = ARGV[9] end
if known and not peeking then return {1, known, 1} end
local wasExact = known and sub(known, 1, 1) == 'x'

local function settle(answer)
  if peeking then return {1, answer, 0} end
  redis.call('SET', base .. 'v' .. id, answer == ARGV[9] and 'u' or answer, 'EX', ARGV[12])
  if content ~= '' then redis.call('SET', base .. 'x' .. content, answer, 'EX', ARGV[12]) end
  local repost = sub(answer, 1, 1) ~= 'u' and tonumber(sub(answer, 3, 8)) >= ${MIN_REPOST_SIMILARITY}
  if ARGV[17] ~= '' and not repost then
    local raise = {}
    for i = 19, #ARGV do
      raise[#raise + 1] = 'INCRBY'; raise[#raise + 1] = 'u2'; raise[#raise + 1] = '#' .. ARGV[i]; raise[#raise + 1] = 1
    end
    redis.call('BITFIELD', base .. ARGV[17], 'OVERFLOW', 'SAT', unpack(raise))
    redis.call('EXPIRE', base .. ARGV[17], ARGV[18])
  end
  return {1, answer, 0}
end

if content ~= '' and not restoring and (not peeking or wasExact) then
  local equal = redis.call('GET', base .. 'x' .. content)
  if equal then return settle('xh1.0000' .. sub(equal, 9)) end
end
if verdict == '' then verdict = ARGV[9] end
if ARGV[16] ~= '1' or sub(verdict, 1, 1) == 'x' then return settle(verdict) end

local firstAlive = math.huge
local days = redis.call('HGETALL', base .. 't')
for i = 1, #days, 2 do
  if tonumber(days[i]) < tonumber(ARGV[10]) then redis.call('HDEL', base .. 't', days[i])
  else firstAlive = math.min(firstAlive, tonumber(days[i + 1])) end
end

local shelves, buckets, needles, postings = {}, {}, {}, {}
for i = 1, #hashes / 4 do
  shelves[i], buckets[i], needles[i] = placeOf(i)
  postings[i] = redis.call('HGET', shelves[i], buckets[i])
end
local newest = tonumber(redis.call('GET', base .. 'n') or '0')
local full, shared = {}, {}
for i = 1, #buckets do
  local list = postings[i]
  if list then
    local found, needle, at = {}, needles[i], 1
    while true do
      at = find(list, needle, at, true)
      if not at then break end
      if at % 6 == 1 then
        local a, b, c, d = byte(list, at + 2, at + 5)
        local number = ((a * 256 + b) * 256 + c) * 256 + d
        if number >= firstAlive then found[#found + 1] = number end
        at = at + 6
      else
        at = at + 1
      end
    end
    if #found >= maxPostings then full[i] = true
    elseif not restoring then
      for j = 1, #found do shared[found[j]] = (shared[found[j]] or 0) + 1 end
    end
  end
end

-- When Redis has lost the number alone, numbers go on above those still met: an old article taken for a new one would be handed out for ever.
for number in pairs(shared) do newest = math.max(newest, number) end

local unseen, ranked = ARGV[6] == '', {}
local late = false
for number, count in pairs(shared) do
  if count >= minShared then
    ranked[#ranked + 1] = number
    if number > upTo then late = true end
  end
end
if #ranked > 0 and (unseen or late) then
  table.sort(ranked, function(x, y)
    if shared[x] ~= shared[y] then return shared[x] > shared[y] end
    return x < y
  end)
  local reply = {2, newest}
  for i = 1, #ranked do
    local number = ranked[i]
    local record = redis.call('HGET', base .. 'd' .. floor(number / 100), number % 100)
    if record then reply[#reply + 1] = shared[number]; reply[#reply + 1] = record end
    if #reply >= 2 + 2 * maxCandidates then break end
  end
  if #reply > 2 then return reply end
end

if peeking then return settle(verdict) end
newest = newest + 1
redis.call('SET', base .. 'n', newest)
redis.call('HSETNX', base .. 't', day, newest)
local original = sub(verdict, 9)
local records = base .. 'd' .. floor(newest / 100)
redis.call('HSET', records, newest % 100, ARGV[5] .. id .. '\\0' .. (original == id and '' or original))
redis.call('EXPIRE', records, ARGV[11])
local tail = char(floor(newest / 16777216), floor(newest / 65536) % 256, floor(newest / 256) % 256, newest % 256)
for i = 1, #buckets do
  if not full[i] then
    local list = postings[i]
    if not list then
      redis.call('HSET', shelves[i], buckets[i], needles[i] .. tail)
      redis.call('EXPIRE', shelves[i], ARGV[11], 'NX')
    else
      local a, b, c, d = byte(list, 3, 6)
      if ((a * 256 + b) * 256 + c) * 256 + d < firstAlive then
        local from = 7
        while from < #list do
          a, b, c, d = byte(list, from + 2, from + 5)
          if ((a * 256 + b) * 256 + c) * 256 + d >= firstAlive then break end
          from = from + 6
        end
        redis.call('HSET', shelves[i], buckets[i], sub(list, from) .. needles[i] .. tail)
        redis.call('EXPIRE', shelves[i], ARGV[11])
      else
        redis.call('HSET', shelves[i], buckets[i], list .. needles[i] .. tail)
      end
    end
  end
end
return settle(verdict)
`;

/**
 * Takes a copy out again, in one atomic step, so that it can be decided about anew: its verdict, record and postings, and what it added to the
 * counters of its paragraphs. A counter that is full stays so, and the verdict of an equal text belongs to the first of them.
 *
 * ARGV: 1 id, 2 content hash or '', 3 sketch hashes as u32, 4 paragraph counters key or '', 5… counters it raised.
 * Replies 1, or 0 when the article is unknown, an original, or was forgotten before.
 */
export const FORGET = `${PRELUDE}
local known = redis.call('GET', base .. 'v' .. id)
if not known or known == 'u' then return 0 end
redis.call('DEL', base .. 'v' .. id)
local exact = sub(known, 1, 1) == 'x'
if content ~= '' and not exact then redis.call('DEL', base .. 'x' .. content) end
if ARGV[4] ~= '' and tonumber(sub(known, 3, 8)) < ${MIN_REPOST_SIMILARITY} then
  for i = 5, #ARGV do
    local shown = redis.call('BITFIELD', base .. ARGV[4], 'GET', 'u2', '#' .. ARGV[i])[1]
    if shown == 1 or shown == 2 then redis.call('BITFIELD', base .. ARGV[4], 'SET', 'u2', '#' .. ARGV[i], shown - 1) end
  end
end
if exact then return 1 end

local tail
local function isOurs(number)
  local record = redis.call('HGET', base .. 'd' .. floor(number / 100), number % 100)
  return record and sub(record, 11, 11 + #id) == id .. '\\0'
end
for i = 1, #hashes / 4 do
  local shelf, bucket, needle = placeOf(i)
  local list = redis.call('HGET', shelf, bucket)
  for at = 1, list and #list or 0, 6 do
    if sub(list, at, at + 1) == needle then
      local a, b, c, d = byte(list, at + 2, at + 5)
      local number = ((a * 256 + b) * 256 + c) * 256 + d
      if not tail and isOurs(number) then
        tail = sub(list, at + 2, at + 5)
        redis.call('HDEL', base .. 'd' .. floor(number / 100), number % 100)
      end
      if tail and sub(list, at + 2, at + 5) == tail then
        if #list == 6 then redis.call('HDEL', shelf, bucket)
        else redis.call('HSET', shelf, bucket, sub(list, 1, at - 1) .. sub(list, at + 6)) end
        break
      end
    end
  end
end
return 1
`;
