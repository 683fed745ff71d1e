// Verb: a misspelt word to the fix that writes the word that was meant.
import type { Fix } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { editDistance } from '../leaf/edit-distance.ts';
import { nearest } from '../leaf/nearest.ts';

/**
 * To be spread into a finding: the fix, or nothing where no word is near. Safe is a single slip (a letter too much, missing,
 * replaced or swapped) that can mean one word only.
 */
export const correction = (span: Span, wanted: string, words: readonly string[]): { readonly fix?: Fix } => {
  const near = nearest(wanted, words);
  if (near === null) return {};
  const quoted = span.end - span.start === wanted.length + 2 || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(near);
  const text = quoted ? `"${near}"` : near;
  return {
    fix: { title: `Write \`${text}\``, edits: [{ kind: 'replace', span, text }], safe: isSlip(wanted, near, words) },
  };
};

/** Two-letter words are one slip from too many others. */
const isSlip = (wanted: string, near: string, words: readonly string[]): boolean => {
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_]/g, '');
  const from = plain(wanted);
  if (from === plain(near)) return true;
  const close = words.filter((word) => editDistance(from, plain(word)) <= 1);
  return near.length > 2 && close.length === 1 && close[0] === near;
};

/** To be spread into a finding: writes something else in its place. */
export const replacement = (span: Span, text: string, safe: boolean): { readonly fix: Fix } => ({
  fix: { title: `Write \`${text}\``, edits: [{ kind: 'replace', span, text }], safe },
});

/** To be spread into a finding: takes a statement, a part or a comment away. */
export const removal = (span: Span, safe: boolean, title = 'Remove it'): { readonly fix: Fix } => ({
  fix: { title, edits: [{ kind: 'remove', span }], safe },
});
