import type { Direction } from '../../shared/model.ts';
import { LETTER, RIGHT_TO_LEFT, UNIT_FLAGS } from './characters.ts';
import type { PageFacts } from './page-facts.ts';
import { TreeNode } from './tree.ts';

/** The declared language, as a lower-case primary subtag with its region where given: `ar`, `pt-BR`. */
export function readLanguage(facts: PageFacts): string | undefined {
  const { tree, data } = facts;
  const html = tree.root
    .children()
    .find((child): child is TreeNode => child instanceof TreeNode && child.tag === 'html');
  for (const value of [
    html?.get('lang'),
    data.ld.language,
    data.meta.get('content-language'),
    data.meta.get('language'),
    data.meta.get('og:locale'),
  ]) {
    const match = /^\s*([a-z]{2,3})(?:[-_]([a-z]{2}|\d{3}))?(?![a-z])/i.exec(value ?? '');
    if (match) return (match[1] as string).toLowerCase() + (match[2] ? `-${match[2].toUpperCase()}` : '');
  }
  return undefined;
}

/** As many code units of the text tell its direction. */
const MAX_SAMPLE = 4000;

/** Of the text's letters; of the declared language where there are none. */
export function readDirection(facts: PageFacts, text: string): Direction {
  // Sums of flags: most pages are in one script, and a branch they never take would be compiled anew for the others.
  let letters = 0;
  let rightToLeft = 0;
  for (let i = 0; i < text.length && i < MAX_SAMPLE; i++) {
    const flags = UNIT_FLAGS[text.charCodeAt(i)] as number;
    letters += flags & LETTER;
    rightToLeft += flags & RIGHT_TO_LEFT;
  }
  if (letters > 0) return (rightToLeft / RIGHT_TO_LEFT) * 2 > letters / LETTER ? 'rtl' : 'ltr';
  return /^(?:ar|fa|he|ur|ps|ckb|sd|ug|yi|dv)\b/.test(readLanguage(facts) ?? '') ? 'rtl' : 'ltr';
}
