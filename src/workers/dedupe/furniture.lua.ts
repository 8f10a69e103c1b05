/**
 * How often a source has shown a paragraph within a block of days: 2-bit counters, of which a paragraph has three and counts as often as
 * the lowest one says (a counting Bloom filter). Most sources are small, so the first counters, f<block>:<source>, are 16,384
 * in 4 kB; when six in a hundred of them are raised, the rest is counted among 65,536 in 16 kB, F<block>:<source> (as scalable
 * Bloom filters grow: Almeida et al., 2007). Counts of both are added up. Of a source with 5,000 articles a week, of eight short
 * paragraphs each, 1 paragraph in 60 is taken for furniture wrongly; with 1,000 articles none in 64,000.
 *
 * For scripts that have `base`; `first` is the place in ARGV from which the counters follow.
 */
export const COUNTERS = `
local function offsetsOf(level, first)
  local offsets = {}
  for i = first, #ARGV do offsets[#offsets + 1] = '#' .. (level == 'F' and ARGV[i] or string.format('%d', ARGV[i] % 16384)) end
  return offsets
end

local function countersAt(key, offsets)
  local get = {}
  for i = 1, #offsets do get[#get + 1] = 'GET'; get[#get + 1] = 'u2'; get[#get + 1] = offsets[i] end
  return redis.call('BITFIELD_RO', key, unpack(get))
end

local function raiseCounters(source, first, ttl)
  local level = redis.call('BITCOUNT', base .. 'f' .. source) < 1024 and 'f' or 'F'
  local offsets, raised, raise = offsetsOf(level, first), {}, {}
  for i = 1, #offsets do
    if not raised[offsets[i]] then
      raise[#raise + 1] = 'INCRBY'; raise[#raise + 1] = 'u2'; raise[#raise + 1] = offsets[i]; raise[#raise + 1] = '1'
      raised[offsets[i]] = true
    end
  end
  redis.call('BITFIELD', base .. level .. source, 'OVERFLOW', 'SAT', unpack(raise))
  redis.call('EXPIRE', base .. level .. source, ttl)
end

-- Takes back what an article raised, where all its counters are raised. A counter that is full stays so.
local function lowerCounters(source, first)
  for _, level in ipairs({'F', 'f'}) do
    local key, offsets = base .. level .. source, offsetsOf(level, first)
    local counts, lower, raised = countersAt(key, offsets), {}, true
    for i = 1, #counts do
      if counts[i] == 0 then raised = false end
      if counts[i] < 3 then
        lower[#lower + 1] = 'SET'; lower[#lower + 1] = 'u2'; lower[#lower + 1] = offsets[i]; lower[#lower + 1] = counts[i] - 1
      end
    end
    if raised then
      if #lower > 0 then redis.call('BITFIELD', key, unpack(lower)) end
      return
    end
  end
end
`;

/**
 * How often paragraphs were shown in two blocks together.
 *
 * ARGV: 1 and 2 block and source, 3… three counters for each paragraph. Replies with as many counts as paragraphs.
 */
export const COUNT_SHOWN = `
local base, shown = KEYS[1], {}
${COUNTERS}
for _, level in ipairs({'f', 'F'}) do
  local offsets = offsetsOf(level, 3)
  for block = 1, 2 do
    local counts = countersAt(base .. level .. ARGV[block], offsets)
    for i = 1, #counts / 3 do
      shown[i] = (shown[i] or 0) + math.min(counts[3 * i - 2], counts[3 * i - 1], counts[3 * i])
    end
  end
end
return shown
`;
