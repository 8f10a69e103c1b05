/** What the choice of an original looks at. Times in ms since 1970. */
export interface ClusterMember {
  id: string;
  /** Name of the news agency the article credits, if it does. */
  agency?: string;
  /** The outlet is the agency itself. */
  isAgencyItself?: boolean;
  /** As the outlet states it. */
  publishedAt?: number;
  /** When Khabar first saw it. */
  seenAt: number;
}

/**
 * Sorts the better original first: the agency's own copy, then copies that credit an agency (they keep to the wire's text), then the
 * earliest published, then the earliest seen. An article cannot have appeared after we saw it, so a stated time later than that
 * counts as unstated. Ids break ties, so that every process elects the same.
 */
function compareOriginals(a: ClusterMember, b: ClusterMember): number {
  return (
    rank(a) - rank(b) ||
    appearedAt(a) - appearedAt(b) ||
    a.seenAt - b.seenAt ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

const rank = ({ agency, isAgencyItself }: ClusterMember) => (isAgencyItself ? 0 : agency === undefined ? 2 : 1);

const appearedAt = ({ publishedAt, seenAt }: ClusterMember) =>
  publishedAt === undefined || publishedAt > seenAt ? seenAt : publishedAt;

export interface Election {
  original: string;
  /** Every other member, whose record is to name the original. */
  copies: string[];
  /** Whether the original is another than before. */
  changed: boolean;
}

/**
 * Who is the original of a cluster now. Called when a copy joins: the newcomer may be earlier or the agency's own.
 * @throws RangeError for a cluster without members.
 */
export function electOriginal(members: readonly ClusterMember[], current?: string): Election {
  const [best, ...others] = [...members].sort(compareOriginals);
  if (best === undefined) throw new RangeError('a cluster has at least one member');
  return {
    original: best.id,
    copies: others.map(({ id }) => id),
    changed: current !== undefined && current !== best.id,
  };
}
