/** How much of a text was found, in multisets of four words in a row; a share is undefined where its text has no words. */
export function compareFourGrams(truth: string, found: string): { precision?: number; recall?: number } {
  const [a, b] = [fourGrams(truth), fourGrams(found)];
  let common = 0;
  for (const [key, count] of a) common += Math.min(count, b.get(key) ?? 0);
  const total = (grams: Map<string, number>) => [...grams.values()].reduce((sum, count) => sum + count, 0);
  return { ...(b.size > 0 && { precision: common / total(b) }), ...(a.size > 0 && { recall: common / total(a) }) };
}

/** The words of a text of fewer than four are one. */
function fourGrams(text: string): Map<string, number> {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const counts = new Map<string, number>();
  for (let i = 0; i < Math.max(1, words.length - 3); i++) {
    const key = words.slice(i, i + 4).join(' ');
    if (key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
