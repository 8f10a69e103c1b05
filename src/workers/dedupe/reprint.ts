import type { Article, Reprint } from '../../shared/model.ts';
import type { Stores } from '../../shared/stores/database.ts';
import { fingerprint, readText, SHINGLE_WORDS } from './fingerprint.ts';
import { creditOf } from './wire-credit.ts';

/** How a copy treats the text it took over. */
export function measureReprint(original: string, copy: string): Pick<Reprint, 'kept' | 'added'> {
  const [before, after] = [original, copy].map((text) => fingerprint(readText('', text)).shingles) as [
    Uint32Array,
    Uint32Array,
  ];
  return { kept: round(shareIn(before, after)), added: round(1 - shareIn(after, before)) };
}

/** Share of the words under these shingles that stand in a shingle of those; of nothing, everything does. */
function shareIn(these: Uint32Array, those: Uint32Array): number {
  if (these.length === 0) return 1;
  const known = new Set(those);
  let covered = 0;
  let until = 0;
  for (const [at, hash] of these.entries()) {
    if (!known.has(hash)) continue;
    covered += at + SHINGLE_WORDS - Math.max(at, until);
    until = at + SHINGLE_WORDS;
  }
  return covered / (these.length + SHINGLE_WORDS - 1);
}

const round = (share: number) => Math.round(share * 1000) / 1000;

/**
 * Measures every article of a cluster against the origin that is new to it: usually the newcomer alone, and all when the origin
 * has changed. Copies whose record does not name the cluster yet are measured with the next one. Returns the newcomer's.
 */
export async function noteReprints(
  { articles, clusters }: Pick<Stores, 'articles' | 'clusters'>,
  of: string,
  origin: string,
  newcomer: Article,
): Promise<Reprint | undefined> {
  const text = origin === newcomer._id ? newcomer.text : (await articles.get(origin))?.text;
  if (text === undefined) return undefined;
  const measure = (article: Pick<Article, 'text' | 'authors' | 'agency'>): Reprint => {
    const credit = creditOf(article)?.agency;
    return { of: origin, ...measureReprint(text, article.text ?? ''), ...(credit !== undefined && { credit }) };
  };
  // One by one: a text that everybody takes over has thousands of copies.
  for await (const article of clusters.unmeasured(of, origin)) await clusters.setReprint(article._id, measure(article));
  await clusters.setReprint(origin, undefined);
  return origin === newcomer._id ? undefined : measure(newcomer);
}
