// Rules that know their cure: the cured file checks without that finding, and curing it again changes nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { pipeline } from '../../../src/compiler/findings/example.ts';
import { rules } from '../../../src/compiler/findings/index.ts';
import { blocks } from '../../../src/compiler/vocabulary/blocks.ts';
import { optimizers } from '../../../src/compiler/vocabulary/schedule.ts';
import type { Diagnostic } from '../../../src/parser/diagnostic.ts';
import { fixUntilStable } from '../../../src/parser/fix.ts';
import { sourceOf } from '../../../src/parser/source.ts';

const test = suite('fixes');

const NAME = 'input.tlp';
const check = (text: string): readonly Diagnostic[] => checkText(text, NAME).diagnostics;
const fix = (text: string, unsafe: boolean): string => fixUntilStable(sourceOf(NAME, text), check, unsafe).text;

/** Rules whose bad example has a cure, and whether the cure is safe. */
const cured: Readonly<Record<string, 'safe' | 'unsafe'>> = {
  'unexpected-character': 'unsafe',
  'unterminated-text': 'unsafe',
  'unclosed-bracket': 'unsafe',
  'unmatched-bracket': 'unsafe',
  'unexpected-token': 'safe',
  'unknown-word': 'safe',
  'duplicate-statement': 'unsafe',
  'unknown-backbone': 'safe',
  'wrong-rule-setting': 'safe',
  'wrong-unit': 'unsafe',
  'unknown-choice': 'safe',
  'monitor-without-validation': 'unsafe',
  'normalize-channels': 'unsafe',
  'head-before-backbone': 'safe',
  'normalization-mismatch': 'unsafe',
  'flatten-larger-than-backbone': 'unsafe',
  'label-breaking-augmentation': 'unsafe',
  'test-split-as-validation': 'unsafe',
  'redundant-output-layer': 'unsafe',
  'unused-part': 'unsafe',
  'unused-ignore': 'safe',
  'stage-trains-nothing': 'unsafe',
  'class-count-mismatch': 'unsafe',
  'dense-needs-flatten': 'unsafe',
};

/** Bad examples that leave out what the cure needs. */
const examples: Readonly<Record<string, string>> = {
  'unterminated-text': pipeline({ freeze: 'freeze backbone except "conv*' }),
  'monitor-without-validation': pipeline({
    validation: 'validation none',
    schedule: 'early_stopping(monitor: val_loss, patience: 3)',
  }),
};

for (const rule of rules) {
  const bad = examples[rule.name] ?? rule.bad;
  if (bad === '') continue;
  test(`${rule.name}: ${cured[rule.name] ?? 'no'} cure`, () => {
    const fixes = check(bad).flatMap((d) => (d.code === rule.code && d.fix !== undefined ? [d.fix] : []));
    assert.is(fixes[0] === undefined ? undefined : fixes[0].safe ? 'safe' : 'unsafe', cured[rule.name]);
    if (fixes[0] === undefined) return;
    assert.is(fix(bad, false) === bad, cured[rule.name] === 'unsafe');
    const text = fix(bad, true);
    assert.not.ok(
      check(text).some((d) => d.code === rule.code),
      text,
    );
    assert.is(fix(text, true), text);
  });
}

test('a missing, additional, other or swapped letter is cured safely where one word only is that near', () => {
  const slips = (word: string): readonly string[] => [
    ...Array.from(word, (_, i) => word.slice(0, i) + word.slice(i + 1)),
    ...Array.from(word, (_, i) => `${word.slice(0, i)}q${word.slice(i)}`),
    ...Array.from(word.slice(1), (_, i) => word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2)),
  ];
  for (const optimizer of Object.keys(optimizers)) {
    for (const slip of slips(optimizer)) {
      if (Object.hasOwn(optimizers, slip)) continue;
      const text = pipeline({ schedule: `optimizer ${slip}` });
      const right = pipeline({ schedule: `optimizer ${optimizer}` });
      // `adamw` without its w is `adam`; a slip between the two is for a person to judge.
      assert.ok([right, text].includes(fix(text, false)), `${slip} became ${fix(text, false)}`);
      if (!optimizer.startsWith('adam')) assert.is(fix(text, false), right, slip);
    }
  }
  for (const word of Object.keys(blocks.file)) {
    const text = `${word}q {\n}\n`;
    const found = check(text).find((d) => d.name === 'unknown-word');
    assert.is(found?.fix?.safe, true, word);
  }
});

test('the same said twice loses one of the two; something else said twice is for a person to judge', () => {
  assert.is(fix(pipeline({ schedule: 'batch 32; batch 32' }), false), pipeline({ schedule: 'batch 32' }));
  const differing = pipeline({ schedule: 'batch 32; batch 64' });
  assert.is(fix(differing, false), differing);
});

test('values in another spelling are rewritten, values behind a name are not', () => {
  const cases: readonly (readonly [string, string])[] = [
    [pipeline({ data: 'size 32' }), pipeline({ data: 'size 32x32' })],
    [pipeline({ augment: 'zoom 120%..80%' }), pipeline({ augment: 'zoom 80%..120%' })],
    [pipeline({ head: 'flatten\n  dropout 50' }), pipeline({ head: 'flatten\n  dropout 50%' })],
    [pipeline({ schedule: 'optimizer adam(lr: 0.1%)' }), pipeline({ schedule: 'optimizer adam(lr: 0.001)' })],
    [pipeline({ schedule: 'batch: 16' }), pipeline({ schedule: 'batch 16' })],
  ];
  for (const [text, after] of cases) assert.is(fix(text, false), after);
  const named = pipeline({ before: 'let side = 32', data: 'size side' });
  assert.is(check(named).length, 1);
  assert.is(fix(named, true), named);
});

test('several mistakes in several blocks are cured in one go, comments and line ends stay', () => {
  const text = [
    '// what it is',
    'head {',
    '  flaten // one list',
    '}',
    '',
    'data {',
    '  sorce digits; sead 3',
    '}',
    '',
    'backbone cnn { cov 8 3x3 same relu }',
    '',
  ].join('\r\n');
  const after = [
    'data {',
    '  source digits; sead 3',
    '}',
    '',
    'backbone cnn { conv 8 3x3 same relu }',
    '',
    '// what it is',
    'head {',
    '  flatten // one list',
    '}',
    '',
  ].join('\r\n');
  assert.is(fix(text, false), after);
});

test('pipelines: what can be cured is gone after it, once and for all, and nothing new is wrong', () => {
  for (const file of readdirSync('pipelines').filter((name) => name.endsWith('.tlp'))) {
    const text = readFileSync(`pipelines/${file}`, 'utf8');
    const before = check(text).map(({ name }) => name);
    const after = fix(text, true);
    const left = check(after);
    assert.equal(
      left.filter((d) => d.fix !== undefined || !before.includes(d.name)).map(({ name }) => name),
      [],
      `${file}\n${after}`,
    );
    assert.is(fix(after, true), after);
    assert.is(fix(text, false) === text, !check(text).some((d) => d.fix?.safe === true), file);
  }
});

/** A line of a small pipeline, and the same after safe cures: the same where nobody can tell what was meant. */
const safely: readonly (readonly [line: string, after: string])[] = [
  ['head { flatten; dropout 1.0 }', 'head { flatten; dropout 1.0 }'],
  ['head { flatten; dropout 50 }', 'head { flatten; dropout 50% }'],
  ['schedule { optimizer sgd(momentum: 1.5) }', 'schedule { optimizer sgd(momentum: 1.5) }'],
  ['schedule { ema 1 }', 'schedule { ema 1 }'],
  ['schedule { reduce_lr(factor: 2) }', 'schedule { reduce_lr(factor: 2) }'],
  ['schedule { optimizer sgd(lr: 1e–3) }', 'schedule { optimizer sgd(lr: 1e-3) }'],
  ['augment { rotate −10deg..10deg }', 'augment { rotate -10deg..10deg }'],
  ['unfreeze backbone', 'unfreeze backbone'],
  ['export "a.tlp"', 'export "a.tlp"'],
  ['backbone resnet34 { weights none }', 'backbone resnet34 { weights none }'],
  ['schedule { epoch 5 }', 'schedule { epochs 5 }'],
];

for (const [line, after] of safely) {
  test(`safe cures: ${line}`, () => {
    const base = 'data { source digits }\nbackbone cnn { conv 8 3x3 same relu }\n';
    const own = line.startsWith('head') ? '' : 'head { flatten }\n';
    const [first, ...rest] = line.startsWith('backbone') ? base.split('\n') : [base];
    const text = line.startsWith('backbone') ? `${first}\n${line}\n${own}` : `${first}${rest.join('')}${own}${line}\n`;
    assert.is(fix(text, false), text.replace(line, after));
  });
}

test('a size with spaces becomes one, wherever it stands', () => {
  const spaced = pipeline({ data: 'size 32 x 32', backbone: 'backbone cnn { conv 8 3x 3 relu; conv 8 3 x3 }' });
  const right = pipeline({ data: 'size 32x32', backbone: 'backbone cnn { conv 8 3x3 relu; conv 8 3x3 }' });
  assert.is(fix(spaced, false), right);
});

test('nothing is written before a layer that the file does not spell out, or into another file', () => {
  const empty = 'data { source digits }\nbackbone cnn { conv 8 3x3 relu }\nhead { }\n';
  assert.is(fix(empty, true), empty);
  const readImport = () => sourceOf('part.tlp', 'schedule { epoch 5 }\n');
  const { diagnostics } = checkText(`import "part.tlp"\n${pipeline()}`, NAME, { readImport });
  assert.equal(
    diagnostics.map(({ name, fix }) => [name, fix]),
    [['unknown-word', undefined]],
  );
});

test('a sweep without values is an error at its place, and nothing is taken away for it', () => {
  for (const values of ['[]', '9..1 step 1']) {
    const text = pipeline({
      before: 'param n = 8',
      head: 'flatten\n  dense n relu',
      after: `sweep { n in ${values} }`,
    });
    const found = check(text);
    assert.equal(
      found.map(({ name, span }) => [name, text.slice(span.start, span.end)]),
      [['out-of-range', values]],
    );
    assert.is(fix(text, true), text);
  }
});

test.run();
