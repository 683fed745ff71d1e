// Verb: a sweep to the combinations of values that it asks for.
import type { Param, Sweep, SweepEntry, Value } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { correction } from '../findings/correction.ts';
import { outOfRange, unknownName, wrongType } from '../findings/words.ts';
import { suggestion } from '../leaf/nearest.ts';
import { evaluate } from './evaluate.ts';
import { report, type Scope } from './scope.ts';
import { showValue } from './show-value.ts';

export interface Combination {
  /** ` lr=0.001 dropout=20%`; empty when nothing is swept. */
  readonly suffix: string;
  readonly values: ReadonlyMap<string, Value>;
}

/** Runs of a file, swept or written; more are a mistake. */
export const MOST_RUNS = 1000;

const nothing: readonly Combination[] = [{ suffix: '', values: new Map() }];

/** `runs`: those of each combination. Params that are `set` from outside have that value alone, whatever is swept. */
export const expandSweeps = (
  scope: Scope,
  sweeps: readonly Sweep[],
  params: readonly Param[],
  set: ReadonlyMap<string, Value>,
  runs: number,
): readonly Combination[] => {
  let combinations = nothing;
  for (const entry of sweeps.flatMap((sweep) => sweep.entries)) {
    const values = valuesOf(scope, entry, params);
    if (values === null || set.has(entry.name.text)) continue;
    const made = values.length * combinations.length * runs;
    if (made > MOST_RUNS) {
      tooMany(scope, entry, made);
      return combinations;
    }
    combinations = combinations.flatMap((before) =>
      values.map((value) => ({
        suffix: `${before.suffix} ${entry.name.text}=${showValue(value)}`,
        values: new Map(before.values).set(entry.name.text, value),
      })),
    );
  }
  return combinations;
};

const valuesOf = (scope: Scope, entry: SweepEntry, params: readonly Param[]): readonly Value[] | null => {
  const names = params.flatMap((param) => param.name?.text ?? []);
  if (!names.includes(entry.name.text)) {
    report(
      scope,
      finding(unknownName, entry.name.span, `There is no param \`${entry.name.text}\`.`, {
        help:
          names.length === 0
            ? `Define it first: \`param ${entry.name.text} = …\`, and use it where the value stands.`
            : suggestion(entry.name.text, names, 'params'),
        ...correction(entry.name.span, entry.name.text, names),
      }),
    );
    return null;
  }
  const value = entry.values === null ? undefined : evaluate(scope, entry.values);
  if (value === undefined) return null;
  if (value.kind === 'list') {
    return value.items.length > 0 ? value.items : noValues(scope, value, 'This list is empty: nothing is swept.');
  }
  if (value.kind === 'range') {
    const { low, high, step } = value;
    if (low.kind === 'number' && high.kind === 'number' && step?.kind === 'number' && step.value > 0) {
      const count = Math.floor((high.value - low.value) / step.value + 1e-9) + 1;
      if (count < 1) return noValues(scope, value, 'This range runs from high to low: it holds no value.');
      if (count > MOST_RUNS) return tooMany(scope, entry, count);
      return Array.from({ length: count }, (_, i) => ({
        ...low,
        value: Number((low.value + i * step.value).toPrecision(12)),
      }));
    }
  }
  report(
    scope,
    finding(wrongType, value.span, 'A sweep needs a list of values, or a range with a step.', {
      help: 'Write `[1e-2, 1e-3]` or `20%..60% step 10%`.',
    }),
  );
  return null;
};

const tooMany = (scope: Scope, entry: SweepEntry, made: number): null => {
  const message = `This sweep makes ${made} runs; ${MOST_RUNS} are the most.`;
  report(scope, finding(outOfRange, entry.span, message, { help: 'Sweep fewer values, or use a wider step.' }));
  return null;
};

const noValues = (scope: Scope, { span }: Value, message: string): null => {
  report(scope, finding(outOfRange, span, message, { help: 'Write `[1e-2, 1e-3]` or `20%..60% step 10%`.' }));
  return null;
};
