// Values and names as Python reads them (the language reference, 2.3 and 2.4).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identifiers, literal } from '../../../src/export/keras/python.ts';

const python = suite('Python in exports');

python('literals: numbers, texts, truth, None, lists, tuples of one and of several', () => {
  assert.is(literal([1, 2.5, 1e-7, 1e21, -3]), '[1, 2.5, 1e-7, 1e+21, -3]');
  assert.is(literal('say "a"\n\\'), '"say \\"a\\"\\n\\\\"');
  assert.is(literal([true, false, null]), '[True, False, None]');
  assert.is(literal({ tuple: [1] }), '(1,)');
  assert.is(literal({ tuple: [{ tuple: [1, 2] }, null] }), '((1, 2), None)');
});

python('identifiers: no two names alike, no keyword, nothing that the scripts use', () => {
  const named = identifiers();
  assert.is(named('conv2d'), 'conv2d');
  assert.is(named('block/conv'), 'block_conv');
  assert.is(named('block_conv'), 'block_conv_2');
  assert.is(named('1x1'), '_1x1');
  assert.is(named('lambda'), 'lambda_2');
  assert.is(named('layers'), 'layers_2');
});

python.run();
