// Verb: a word that is not there → the nearest of those that are.

/**
 * At most `count` words, nearest first by edit distance; equal distances keep their order. `*` at the end of what is wanted
 * stands for any ending, other wildcards for nothing.
 */
export function nearestWords(wanted: string, words: readonly string[], count: number): readonly string[] {
  const distance = wanted.endsWith('*') ? beginningDistance : editDistance;
  const plain = wanted.replace(/[*?]/g, '');
  return words
    .map((word) => ({ word, distance: distance(plain, word) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ word }) => word);
}

/** Levenshtein distance: least number of insertions, deletions and replacements. */
export function editDistance(a: string, b: string): number {
  return distances(a, b)[b.length] ?? 0;
}

/** Levenshtein distance from `a` to the beginning of `b` that is nearest to it. */
function beginningDistance(a: string, b: string): number {
  return Math.min(...distances(a, b));
}

/** Levenshtein distance from `a` to each beginning of `b`, the empty one first. */
function distances(a: string, b: string): readonly number[] {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (before[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (before[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = row;
  }
  return before;
}
