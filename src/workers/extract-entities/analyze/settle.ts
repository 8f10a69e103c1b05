/** Which of the candidate names stand where several claim the same words. */
import { LINEAGE } from './arabic-people.ts';
import type { Candidate } from './find-names.ts';

/** Settles overlaps: the longer span wins, the surer one among equals; equal spans of one type share what they know. */
export function settle(candidates: Candidate[]): Candidate[] {
  const bySpan = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const span = `${candidate.start} ${candidate.end} ${candidate.type}`;
    const same = bySpan.get(span);
    if (same === undefined) {
      bySpan.set(span, { ...candidate });
      continue;
    }
    const known = same.source === 'known' ? same : candidate.source === 'known' ? candidate : undefined;
    same.senses = [...new Set([...same.senses, ...candidate.senses])];
    same.confidence = Math.max(same.confidence, candidate.confidence);
    if (!(same.cautious && candidate.cautious)) delete same.cautious;
    same.source = known ? 'known' : same.source;
    same.role ??= candidate.role as string;
    same.country ??= candidate.country as string;
    same.pattern ??= candidate.pattern as NonNullable<Candidate['pattern']>;
  }
  const spans = [...bySpan.values()];
  // A longer guess around a person we know adds nothing but its title.
  const people = new Map(
    spans
      .filter((span) => span.type === 'person' && span.source === 'known' && span.last > span.first)
      .map((span) => [span.first, span]),
  );
  const kept = spans.filter((span) => {
    if (span.type !== 'person' || span.source === 'known') return true;
    const inner = innerOf(span, people);
    if (inner === undefined) return true;
    if (span.role) inner.role ??= span.role;
    // محمد بن سلمان بن عبد العزيز: the lineage behind a name we know.
    const lineage = inner.first === span.first && LINEAGE.test(span.key.split(' ')[inner.last - inner.first + 1] ?? '');
    if (lineage) Object.assign(inner, { last: span.last, end: span.end, key: span.key });
    return false;
  });
  kept.sort((a, b) => weight(b) - weight(a) || a.start - b.start);
  const taken = new Set<number>();
  const settled: Candidate[] = [];
  for (const span of kept) {
    let free = true;
    for (let word = span.first; word <= span.last; word++) if (taken.has(word)) free = false;
    if (!free) continue;
    for (let word = span.first; word <= span.last; word++) taken.add(word);
    settled.push(span);
  }
  return settled.sort((a, b) => a.start - b.start);
}

function innerOf(span: Candidate, people: Map<number, Candidate>): Candidate | undefined {
  for (let word = span.first; word < span.last; word++) {
    const inner = people.get(word);
    if (inner && inner.start >= span.start && inner.end <= span.end) return inner;
  }
  return undefined;
}

const weight = (span: Candidate): number =>
  span.last - span.first + 1 + span.confidence + (span.source === 'known' && span.last > span.first ? 1 : 0);
