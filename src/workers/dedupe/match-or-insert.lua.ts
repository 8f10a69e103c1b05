import { COUNTERS } from './furniture.lua.ts';
import { MIN_REPOST_SIMILARITY } from './near-duplicate-index.ts';

/** Postings that a list has on average: fewer take more memory, more are slower to copy. */
const POSTINGS_PER_LIST = 16;

/**
 * How both scripts read and write the postings of an article's hashes: a linear hash table (Litwin, 1980). Buckets are split one at a
 * time, in their order, as postings are added. With `half` the greatest 256 · 2^k that is no more than the number of buckets, a hash
 * belongs to bucket hash % (2 · half), or to hash % half as long as that one has not been split off. So lists stay short at any
 * size, and no article waits for a whole table to be moved. All lists are fields of one Redis hash, since two commands with many fields
 * cost far less than two for each field.
 */
const PRELUDE = `
local base, id, content, hashes = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local sub, find, floor, format, read = string.sub, string.find, math.floor, string.format, struct.unpack
local LEAST_BUCKETS, POSTING = 256, 7
local newest, buckets, half, postings, isNew
local bucketOf, lists, changed = {}, {}, {}

-- Redis takes long to turn numbers into strings.
local function nameOf(bucket) return format('%d', bucket) end

local function openLists()
  local counts = redis.call('HMGET', base .. 'p', 'newest', 'buckets', 'postings')
  isNew = not counts[1]
  newest, buckets, postings = tonumber(counts[1] or 0), tonumber(counts[2] or LEAST_BUCKETS), tonumber(counts[3] or 0)
  half = LEAST_BUCKETS
  while 2 * half <= buckets do half = 2 * half end
  for i = 1, #hashes / 4 do
    local bucket = read('<I4', hashes, 4 * i - 3) % (2 * half)
    bucketOf[i] = nameOf(bucket < buckets and bucket or bucket - half)
  end
  local found = redis.call('HMGET', base .. 'p', unpack(bucketOf))
  for i = 1, #bucketOf do lists[bucketOf[i]] = found[i] or '' end
end

local function setList(bucket, list) lists[bucket], changed[bucket] = list, true end

local function saveLists()
  local fields = {'newest', newest, 'buckets', buckets, 'postings', postings}
  for bucket in pairs(changed) do fields[#fields + 1] = bucket; fields[#fields + 1] = lists[bucket] end
  redis.call('HSET', base .. 'p', unpack(fields))
end

-- Moves what has the next bit set out of the first bucket that has no other half yet, into a new one at the end.
local function splitNext()
  local from, to = nameOf(buckets - half), nameOf(buckets)
  local list, low, stay, move = lists[from] or redis.call('HGET', base .. 'p', from) or '', buckets % LEAST_BUCKETS, {}, {}
  for at = 1, #list, POSTING do
    local hash = read('<I3', list, at) * 256 + low
    local part = hash % (2 * half) == buckets and move or stay
    part[#part + 1] = sub(list, at, at + POSTING - 1)
  end
  setList(from, table.concat(stay))
  setList(to, table.concat(move))
  buckets = buckets + 1
  if buckets == 2 * half then half = buckets end
end

local function needleOf(i) return sub(hashes, 4 * i - 2, 4 * i) end
local function numberAt(list, at) return read('<I4', list, at + 3) end

-- Where a list has the next posting of a hash, from a posting on; nil when there is none.
local function findNext(list, needle, from)
  local at = find(list, needle, from, true)
  while at and at % POSTING ~= 1 do at = find(list, needle, at + 1, true) end
  return at
end
${COUNTERS}`;

/**
 * Looks an article up and stores it, in one atomic step. It answers from what is stored, or stores; with candidates and no verdict on
 * them it stores nothing and hands them out, so that every comparison of texts is made in one place, by the caller.
 *
 * Keys, all under KEYS[1], which holds the hash tag of the language (so that they share a slot of Redis Cluster):
 *   m          marker: this language's index is whole
 *   t          hash: day of seenAt → number of the first article stored on it
 *   v<id>      verdict on an article, or u for a unique one             expires with the content window
 *   x<hash>    verdict of the first article with a content hash         expires with the content window
 *   p          hash: bucket → postings, in order of number: the upper 3 bytes of the hash (the bucket has the rest), 4 bytes of article
 *              number; and, to be lost with them only, buckets and postings: how many there are, newest: number of the newest article
 *   d<n/100>   hash: n%100 → record of an article (10 bytes of head, id, NUL, original's id unless it is the same)
 *   f<block>…  and F<block>…: counters of paragraphs of a source, see furniture.lua.ts
 *
 * ARGV: 1 id, 2 content hash or '', 3 sketch hashes as u32, 4 day of seenAt, 5 record head, 6 verdict or '', 7 newest article the verdict
 * knows, 8 'offer', 'restore' or 'peek' (what would be answered about an article known already, which is not stored), 9 verdict of
 * a unique article, 10 first day still in the sketch window, 11 postings TTL s, 12 verdict TTL s, 13 most postings, 14 fewest shared
 * hashes, 15 most candidates, 16 '1' when near-duplicates may be found, 17 block and source or '', 18 TTL s of their counters,
 * 19… counters to raise.
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
  if ARGV[17] ~= '' and not repost then raiseCounters(ARGV[17], 19, ARGV[18]) end
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

openLists()
local full, shared = {}, {}
for i = 1, #bucketOf do
  local list, needle = lists[bucketOf[i]], needleOf(i)
  local at = findNext(list, needle, 1)
  if at then
    local numbers = {}
    while at do
      local number = numberAt(list, at)
      if number >= firstAlive then numbers[#numbers + 1] = number end
      at = findNext(list, needle, at + POSTING)
    end
    if #numbers >= maxPostings then full[i] = true
    elseif not restoring then
      for j = 1, #numbers do shared[numbers[j]] = (shared[numbers[j]] or 0) + 1 end
    end
  end
end

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
firstAlive = math.min(firstAlive, newest)
if isNew then redis.call('DEL', base .. 't') end
local isNewDay = redis.call('HSETNX', base .. 't', day, newest) == 1
local original = sub(verdict, 9)
local records = base .. 'd' .. floor(newest / 100)
redis.call('HSET', records, newest % 100, ARGV[5] .. id .. '\\0' .. (original == id and '' or original))
redis.call('EXPIRE', records, ARGV[11])
local tail = struct.pack('<I4', newest)
for i = 1, #bucketOf do
  if not full[i] then
    local list, from = lists[bucketOf[i]], 1
    while from < #list and numberAt(list, from) < firstAlive do from = from + POSTING end
    setList(bucketOf[i], (from == 1 and list or sub(list, from)) .. needleOf(i) .. tail)
    postings = postings + 1 - floor(from / POSTING)
  end
end
while postings > ${POSTINGS_PER_LIST} * buckets do splitNext() end
saveLists()
if isNew or isNewDay then redis.call('EXPIRE', base .. 'p', ARGV[11]) end
return settle(verdict)
`;

/**
 * Takes a copy out again, in one atomic step, so that it can be decided about anew: its verdict, record and postings, and what it added to the
 * counters of its paragraphs. The verdict of an equal text belongs to the first of them.
 *
 * ARGV: 1 id, 2 content hash or '', 3 sketch hashes as u32, 4 block and source or '', 5… counters it raised.
 * Replies 1, or 0 when the article is unknown, an original, or was forgotten before.
 */
export const FORGET = `${PRELUDE}
local known = redis.call('GET', base .. 'v' .. id)
if not known or known == 'u' then return 0 end
redis.call('DEL', base .. 'v' .. id)
local exact = sub(known, 1, 1) == 'x'
if content ~= '' and not exact then redis.call('DEL', base .. 'x' .. content) end
if ARGV[4] ~= '' and tonumber(sub(known, 3, 8)) < ${MIN_REPOST_SIMILARITY} then lowerCounters(ARGV[4], 5) end
if exact then return 1 end

openLists()
local ours
local function isOurs(number)
  local record = redis.call('HGET', base .. 'd' .. floor(number / 100), number % 100)
  return record and sub(record, 11, 11 + #id) == id .. '\\0'
end
for i = 1, #bucketOf do
  local list, needle = lists[bucketOf[i]], needleOf(i)
  local at = findNext(list, needle, 1)
  while at do
    local number = numberAt(list, at)
    if not ours and isOurs(number) then
      ours = number
      redis.call('HDEL', base .. 'd' .. floor(number / 100), number % 100)
    end
    if number == ours then
      setList(bucketOf[i], sub(list, 1, at - 1) .. sub(list, at + POSTING))
      postings = postings - 1
      break
    end
    at = findNext(list, needle, at + POSTING)
  end
end
if ours then saveLists() end
return 1
`;
