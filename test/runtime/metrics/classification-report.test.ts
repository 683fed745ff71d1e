// The report by class and top-5 against scikit-learn 1.9: test/support/metrics/reports.py wrote reports.json.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ClassScores, classificationReport } from '../../../src/runtime/metrics/classification-report.ts';
import { isInTop, mostLikely } from '../../../src/runtime/metrics/top-k.ts';

type Scores = Readonly<Record<'precision' | 'recall' | 'f1-score' | 'support', number>>;

interface Golden {
  readonly reports: readonly {
    readonly name: string;
    readonly classes: number;
    readonly truth: readonly number[];
    readonly predicted: readonly number[];
    readonly report: Readonly<Record<string, Scores>> & { readonly accuracy: number };
  }[];
  readonly top: {
    readonly labels: readonly number[];
    readonly shares: readonly (readonly number[])[];
    readonly top_5: number;
  };
}

const golden = JSON.parse(
  readFileSync(new URL('../../support/metrics/reports.json', import.meta.url), 'utf8'),
) as Golden;

const metrics = suite('metrics against scikit-learn');

const same = (found: ClassScores, wanted: Scores | undefined, what: string): void => {
  assert.ok(wanted, `${what} is not in scikit-learn's report`);
  const pairs = [
    [found.precision, wanted.precision],
    [found.recall, wanted.recall],
    [found.f1, wanted['f1-score']],
    [found.support, wanted.support],
  ] as const;
  for (const [value, expected] of pairs)
    assert.ok(Math.abs(value - expected) < 1e-12, `${what}: ${value}, ${expected}`);
};

for (const { name, classes, truth, predicted, report } of golden.reports) {
  metrics(name, () => {
    const names = Array.from({ length: classes }, (_, i) => `c${i}`);
    const found = classificationReport(truth, predicted, names);
    for (const scores of found.classes) same(scores, report[scores.class], scores.class);
    const listed = Object.keys(report).filter((key) => /^c\d$/.test(key));
    assert.equal(
      found.classes.map((scores) => scores.class),
      listed,
    );
    same(found.macro, report['macro avg'], 'macro average');
    same(found.weighted, report['weighted avg'], 'weighted average');
  });
}

metrics('top-5 accuracy', () => {
  const { labels, shares, top_5 } = golden.top;
  const inTop = labels.filter((label, i) => isInTop(Float32Array.from(shares[i]!), label, 5)).length;
  assert.is(inTop / labels.length, top_5);
});

metrics('of equal classes the first is the most likely', () => {
  const equal = Float32Array.of(0.1, 0.3, 0.3, 0.3);
  assert.is(mostLikely(equal), 1);
  assert.equal([isInTop(equal, 2, 2), isInTop(equal, 3, 2)], [true, false]);
});

metrics.run();
