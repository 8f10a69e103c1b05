import { phraseOf } from './blocks.ts';
import type { Body } from './find-body.ts';
import type { PageFacts } from './page-facts.ts';

export interface Judgement {
  isArticle: boolean;
  /** Why not, for people. */
  reason?: string;
  liveBlog: boolean;
  paywalled: boolean;
}

const MIN_ARTICLE_SCORE = 0.5;
/** Text of this many code units (2.5 per Chinese or Japanese character) says "article" as loudly as length can. */
const AMPLE_CHARS = 1000;

/** Whether the page is an article at all, a live blog, or behind a paywall. */
export function judgePage(facts: PageFacts, body: Body, textChars: number, hasDate: boolean): Judgement {
  const { data, url, blocks } = facts;
  const { ld, meta } = data;
  const path = url?.pathname ?? '';
  const segments = path.split('/').filter((s) => s !== '');
  const lastSegment = segments[segments.length - 1] ?? '';
  const isTyped = ld.types.some((t) => /article|posting|report/i.test(t));
  const evidence: [boolean, number, string][] = [
    [isTyped, 0.3, ''],
    [/article/i.test(meta.get('og:type') ?? ''), 0.2, ''],
    [hasDate, 0.15, 'no date'],
    [ld.listPage, -0.35, 'calls itself a list'],
    [segments.length === 0, -0.4, 'address of a front page'],
    [
      /^(?:tags?|topics?|categor(?:y|ies)|sections?|authors?|search|archives?|page)$/i.test(segments[0] ?? '') &&
        segments.length <= 3,
      -0.25,
      'address of a list',
    ],
    [
      segments.length === 1 && !/[\d-]|\.\w+$/.test(lastSegment) && lastSegment.length < 16,
      -0.15,
      'address of a section',
    ],
    [textChars < 140, -0.3, 'hardly any text'],
  ];
  // Lists of teasers: many linked headings for little text that is surely the article's.
  const linkedHeadings = blocks.filter((b) => /^h[2-6]$/.test(b.node.tag) && b.linkChars > b.chars * 0.8).length;
  const keptLong = body.kept.filter((b) => b.chars >= 80).length;
  evidence.push([!isTyped && linkedHeadings >= 8 && keptLong < linkedHeadings / 2, -0.3, 'a list of linked headings']);
  const ample = Math.min(1, textChars / AMPLE_CHARS);
  let score = 0.35 * body.confidence + 0.3 * ample;
  const reasons: string[] = [];
  for (const [holds, weight, reason] of evidence) {
    if (!holds) continue;
    score += weight;
    if (weight < 0) reasons.push(reason);
  }
  if (body.kept.length === 0) reasons.push('no text found');
  const isArticle = body.kept.length > 0 && score >= MIN_ARTICLE_SCORE - (ample === 1 && keptLong >= 4 ? 0.1 : 0);
  const tier = meta.get('article:content_tier') ?? '';
  const paywalled =
    ld.accessibleForFree === false ||
    /^(?:locked|metered)$/i.test(tier) ||
    blocks.some((b) => !b.hidden && b.chars < 160 && phraseOf(b)?.kind === 'paywall');
  const liveBlog =
    ld.types.some((t) => /liveblog/i.test(t)) || /(?:^|[/_-])live-?blog|\/live\/|-live-(?:updates?|blog)/i.test(path);
  return {
    isArticle,
    reason: isArticle ? undefined : reasons.join(', ') || 'too little speaks for an article',
    liveBlog,
    paywalled,
  };
}
