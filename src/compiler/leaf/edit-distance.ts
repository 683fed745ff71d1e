// Verb: two words to how far apart they are, and a word that is not there to the nearest of those that are.

/** Fewest insertions, deletions, replacements and swaps of neighbours from one word to the other (Damerau-Levenshtein, optimal string alignment). */
export const editDistance = (a: string, b: string): number => distances(a, b)[b.length] ?? 0;

/**
 * At most `count` words, nearest first by edit distance; equal distances keep their order. `*` at the end of what is wanted
 * stands for any ending, other wildcards for nothing.
 */
export const nearestWords = (wanted: string, words: readonly string[], count: number): readonly string[] => {
  const distance = wanted.endsWith('*') ? beginningDistance : editDistance;
  const plain = wanted.replace(/[*?]/g, '');
  return words
    .map((word) => ({ word, distance: distance(plain, word) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ word }) => word);
};

/** Distance from `a` to the beginning of `b` that is nearest to it. */
const beginningDistance = (a: string, b: string): number => Math.min(...distances(a, b));

/** Distance from `a` to each beginning of `b`, the empty one first. */
const distances = (a: string, b: string): readonly number[] => {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last;
};
