// Verb: a comparison of plans to lines for people: what changed, what that makes worthless, and how many runs.
import type { CacheState, Change, Effects, RunComparison } from '../compiler/compare-plans.ts';
import { plainLines } from './plain-text.ts';

export const printComparison = (runs: readonly RunComparison[], other: string): string => {
  const parts = runs.map(printRun);
  const count = (status: RunComparison['status']): number => runs.filter((run) => run.status === status).length;
  const summary = `Against ${other}: ${count('changed')} changed, ${count('added')} added, ${count('removed')} removed, ${count('same')} the same.\n`;
  return plainLines([...parts, summary].join('\n'));
};

const signs = { same: ' ', changed: '~', added: '+', removed: '-' } as const;

const printRun = ({ name, status, changes, inherited, effects }: RunComparison): string => {
  const head = `${signs[status]} run ${name}${status === 'same' ? ': the same' : status === 'changed' ? '' : `: ${status}`}\n`;
  if (effects === null) return head;
  return [
    head,
    ...(inherited === null ? [] : [`    it starts from the weights of ${inherited}, which changed\n`]),
    ...changes.map((change) => `    ${printChange(change)}\n`),
    '\n',
    ...effectLines(effects).map((line) => `    ${line}\n`),
  ].join('');
};

const printChange = ({ path, before, after }: Change): string =>
  before === undefined
    ? `+ ${path}: ${show(after)}`
    : after === undefined
      ? `- ${path}: ${show(before)}`
      : `~ ${path}: ${show(before)} → ${show(after)}`;

/** On one line; an object by its kind and what it says of itself first. */
const show = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

const caches: Readonly<Record<CacheState, string>> = {
  none: 'none before, none now',
  good: 'still good',
  stale: 'worthless: the frozen layers see or compute something else',
  new: 'none before; now there is something to keep',
};

const effectLines = ({ trained, fresh, cache, comparable }: Effects): readonly string[] => [
  `trained weights  of another plan: train again${trained.fit ? '; they would fit this network' : `; they do not fit: ${listed(trained.misfits)}`}`,
  'checkpoints      go on with the plan they were made for (`tlp run --resume`), not with this one',
  `first weights    ${fresh === null ? 'cannot be compared' : fresh.length === 0 ? 'the same' : `others: ${listed(fresh)}`}`,
  `feature cache    ${caches[cache]}`,
  `test accuracy    ${comparable ? 'of the same test images: can be compared' : 'of other test images: cannot be compared'}`,
];

const listed = (names: readonly string[]): string =>
  names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
