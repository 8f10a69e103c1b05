import type { Article } from '../../shared/model.ts';
import type { Stores } from '../../shared/stores/database.ts';
import { type ClusterMember, electOriginal } from './originals.ts';
import { AGENCIES_AT_LARGE, agencyOfSite, creditOf } from './wire-credit.ts';

/**
 * Elects anew whose text it is when a copy joins the article `of`: the newcomer may be earlier, or the agency's own. Only the note on
 * that article changes; see docs/decisions.md. Safe to run twice, and beside others: whoever lost a race compares with the winner.
 * Returns the id of the article whose text it is, `of` when that is gone.
 */
export async function electOrigin(
  { articles, clusters }: Pick<Stores, 'articles' | 'clusters'>,
  of: string,
  newcomer: Article,
): Promise<string> {
  for (;;) {
    const known = await articles.get(of);
    if (!known) return of;
    const { origin } = known;
    const elected = origin === undefined || origin === newcomer._id ? null : await articles.get(origin);
    const members = [known, newcomer, ...(elected ? [elected] : [])].map(memberOf);
    const { original, changed } = electOriginal(members, origin ?? of);
    if (!changed || (await clusters.setOrigin(of, origin, original === of ? undefined : original))) return original;
  }
}

function memberOf(article: Article): ClusterMember {
  const { _id: id, url, publishedAt, firstSeenAt } = article;
  const credit = creditOf(article);
  // "Agencies" names no wire whose text it would be; it only says that the outlet did not write it.
  const named = credit?.agency === AGENCIES_AT_LARGE ? undefined : credit?.agency;
  return {
    id,
    ...(named !== undefined && { agency: named }),
    isAgencyItself: agencyOfSite(url) !== undefined,
    ...(publishedAt && { publishedAt: publishedAt.getTime() }),
    seenAt: firstSeenAt.getTime(),
  };
}
