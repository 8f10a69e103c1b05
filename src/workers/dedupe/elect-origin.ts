import type { Article } from '../../shared/model.ts';
import type { Stores } from '../../shared/stores/database.ts';
import { type ClusterMember, electOriginal } from './originals.ts';
import { noteReprints } from './reprint.ts';
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

/** Elects anew among the copies that stay when one of them is found to be no copy of `of`, or of another. Safe to run twice. */
export async function leaveCluster(
  stores: Pick<Stores, 'articles' | 'clusters' | 'catalog'>,
  of: string,
  leaver: Article,
): Promise<void> {
  if (!(await stores.clusters.setOrigin(of, leaver._id, undefined))) return;
  for (const { _id } of await stores.catalog.copiesOf(of)) {
    const copy = _id === leaver._id ? null : await stores.articles.get(_id);
    if (copy) await noteReprints(stores, of, await electOrigin(stores, of, copy), copy);
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
