// Pointers into the plan lead back to the text.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { unknownWord } from '../../../src/compiler/findings/words.ts';
import { diagnosticAt, spanAt } from '../../../src/compiler/plan/origins.ts';

const test = suite('origins');

const text = `data { source cifar10; size 64x64 }
backbone cnn { conv 8 3x3 same; add { {} { conv 8 3x3 same relu } } }
head { flatten; dense 64 relu }
schedule { epochs 3; optimizer adam(lr: 1e-5); early_stopping(patience: 2) }
run "a" { batch 8 }
run "b" { freeze backbone except last 1 layers }
`;
const { origins } = checkText(text, 'a.tlp');
const at = (pointer: string): string | null => {
  const span = spanAt(origins, pointer);
  return span === null ? null : text.slice(span.start, span.end);
};

test('fields, objects, and what is around them', () => {
  assert.is(at('/runs/0/data/image'), 'size 64x64');
  assert.is(at('/runs/0/data/source/kind'), 'cifar10');
  assert.is(at('/runs/0/backbone/layers/1/branches/1/0'), 'conv 8 3x3 same relu');
  assert.is(at('/runs/0/backbone/layers/1/branches/1/0/activation'), 'relu');
  assert.is(at('/runs/0/backbone/layers/0/dilation'), 'conv 8 3x3 same');
  assert.is(at('/runs/0/head/1/units'), '64');
  assert.is(at('/runs/0/head/2'), 'head', 'the softmax layer was not written, but its head was');
  assert.is(at('/runs/0/stages/0/batch'), 'batch 8');
  assert.is(at('/runs/1/stages/0/epochs'), 'epochs 3');
  assert.is(at('/runs/1/stages/0/optimizer/lr'), '1e-5');
  assert.is(at('/runs/1/stages/0/freeze/except/count'), 'except last 1 layers');
  assert.is(at('/runs/1'), 'run "b" { freeze backbone except last 1 layers }');
});

test('a finding at a pointer, and one that leads nowhere', () => {
  const found = diagnosticAt(origins, '/runs/0/head/1', 'a.tlp', unknownWord, 'Cause.', 'Cure.');
  assert.is(text.slice(found.span.start, found.span.end), 'dense 64 relu');
  assert.equal(diagnosticAt(origins, '/nothing', 'a.tlp', unknownWord, 'Cause.').span, {
    file: 'a.tlp',
    start: 0,
    end: 0,
  });
});

test.run();
