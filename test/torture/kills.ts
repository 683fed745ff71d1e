// Trial: `npm run torture -- kills [TRIALS] [SEED]`: runs that are killed at random moments, that lack what they need, and that are sent all
// kinds of signals. Whatever happened to a run, it goes on and ends with the bytes and scores of one that nothing stopped.
import { type KillCase, killCases } from './kill-cases.ts';
import { killTrial, randomOf } from './kill-trial.ts';
import { type Reference, referenceOf } from './run-trial.ts';
import { shortages } from './shortages.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Runs works two at a time. */
const inPairs = async <T>(works: readonly (() => Promise<T>)[]): Promise<readonly T[]> => {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < works.length; i = next++) results[i] = await works[i]!();
  };
  await Promise.all([worker(), worker()]);
  return results;
};

const report = (name: string, problems: readonly (string | null)[], more = ''): number => {
  const found = problems.filter((problem) => problem !== null && problem !== 'skipped');
  const skipped = problems.filter((problem) => problem === 'skipped').length;
  say(`${name}: ${problems.length - skipped - found.length} of ${problems.length - skipped} hold${more}`);
  if (skipped > 0) say(`  ${skipped} could not be tried here`);
  for (const problem of found) say(`  ${problem}`);
  return found.length;
};

const killsOf = async (one: KillCase, count: number, seed: number, reference: Reference): Promise<number> => {
  const trials = Array.from({ length: count }, (_, i) => () => killTrial(one, reference, randomOf(seed + i)));
  const outcomes = await inPairs(trials);
  const kills = outcomes.reduce((sum, outcome) => sum + outcome.kills, 0);
  const problems = outcomes.map(({ problem }, i) => problem && `seed ${seed + i}: ${problem}`);
  return report(one.name, problems, `, ${kills} kills`);
};

/** Gives how many trials did not hold. */
export const trial = async ([count = '200', from = '1']: readonly string[]): Promise<number> => {
  let failed = 0;
  for (const [i, one] of killCases.entries()) {
    const reference = await referenceOf(one.text);
    failed += await killsOf(one, Math.ceil((Number(count) * one.share) / 100), Number(from) + i * 1000, reference);
  }
  const { text } = killCases[0]!;
  const reference = await referenceOf(text);
  for (const { name, trials } of shortages) {
    failed += report(name, await inPairs(trials(text, reference)));
  }
  return failed;
};
