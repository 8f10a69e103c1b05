import type { Service } from '../service.ts';
import type { MentionedEntity } from '../shared/stores/catalog.ts';
import type { RunSummary } from './run-once.ts';

/** First Strong Isolate and Pop Directional Isolate (UAX #9): right-to-left text inside a left-to-right line. */
const isolate = (text: string) => `\u2068${text}\u2069`;

const EXAMPLES = 5;
const NAMES = 6;

/** What came of a run, for a person. */
export async function tellSummary({ stores, overview }: Service, summary: RunSummary): Promise<string[]> {
  const { feeds, articles } = summary;
  const since = new Date(0);
  const [people, places, copies, stages] = await Promise.all([
    stores.catalog.topEntities({ type: 'person', since, limit: NAMES }),
    stores.catalog.topEntities({ type: 'location', since, limit: NAMES }),
    stores.catalog.duplicates(EXAMPLES),
    overview(),
  ]);
  const slowest = stages.filter(({ p95Ms }) => p95Ms !== undefined).sort((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0))[0];
  const counted = (record: Record<string, number>) =>
    Object.entries(record)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ');
  // English where there is an English name: terminals seldom set Arabic well.
  const names = (list: MentionedEntity[]) =>
    list.map(({ name, names, articles }) => `${isolate(names.en ?? name)} ${articles}`).join(', ');
  return [
    '',
    `  ${feeds.polled} feeds polled${feeds.failed.length ? `, ${feeds.failed.length} failed` : ''}, ${articles.total} articles in ${summary.seconds.toFixed(1)} s (${summary.articlesPerSecond.toFixed(1)} a second, ${summary.peakMemoryMb.toFixed(0)} MB)`,
    `  published     ${articles.published}`,
    `  duplicates    ${articles.duplicates}`,
    ...(Object.keys(articles.ended).length ? [`  other ends    ${counted(articles.ended)}`] : []),
    ...(Object.keys(articles.quarantined).length ? [`  quarantined   ${counted(articles.quarantined)}`] : []),
    ...(articles.unfinished ? [`  unfinished    ${articles.unfinished}`] : []),
    ...feeds.failed.slice(0, EXAMPLES).map(({ url, code, message }) => `  feed failed   ${url}: ${code}: ${message}`),
    ...(people.length ? ['', `  people        ${names(people)}`] : []),
    ...(places.length ? [`  places        ${names(places)}`] : []),
    ...(slowest
      ? [`  slowest stage ${slowest.stage}: half within ${slowest.p50Ms} ms, 95 % within ${slowest.p95Ms} ms`]
      : []),
    ...(copies.length ? ['', '  Copies and their originals:'] : []),
    ...copies.flatMap(({ copy, original }) => [
      `    ${isolate(copy.title ?? copy.url)} (${isolate(copy.source.name)})`,
      `      ${copy.dup?.kind} copy, ${((copy.dup?.score ?? 0) * 100).toFixed(0)} %, of ${isolate(original?.title ?? copy.dup?.of ?? '')} (${isolate(original?.source.name ?? '')})`,
    ]),
  ];
}
