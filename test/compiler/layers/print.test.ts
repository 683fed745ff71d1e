// The layer table and the YAML of a model.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import { frozenLayers } from '../../../src/compiler/layers/freeze.ts';
import { printLayers, printLayerTable } from '../../../src/compiler/layers/print.ts';
import { freezeNone, image, layer, own, runPlan } from '../../support/run-plan.ts';

const test = suite('layers/print');

const { model } = buildLayers(
  runPlan(own(layer.conv(8, 3, { activation: 'relu' }), layer.batchNorm(), layer.spatialDropout(0.1)), image(32), [
    layer.flatten(),
    layer.dense(10, { activation: 'softmax', name: 'predictions', kernel_regularizer: { l1: 0, l2: 1e-4 } }),
  ]),
);

test('the table lists layers, shapes, parameters and what trains', () => {
  const { frozen } = frozenLayers(model, { ...freezeNone, kind: 'first', count: 1 });
  assert.is(
    printLayerTable(model, frozen, 'inference'),
    [
      'layer                class               output   parameters',
      '-----------------------------------------------------------------------------',
      'input_layer          InputLayer          32x32x3           0',
      'conv2d               Conv2D              30x30x8         224  frozen',
      'batch_normalization  BatchNormalization  30x30x8          32  statistics stay',
      'spatial_dropout2d    Dropout             30x30x8           0',
      'flatten              Flatten             7200              0',
      'predictions          Dense               10           72,010  trains',
      '-----------------------------------------------------------------------------',
      'total 72,266 parameters: 72,026 trainable, 240 non-trainable',
      '',
    ].join('\n'),
  );
});

test('the YAML is YAML and holds every setting', () => {
  const read = parse(printLayers(model, new Set(['conv2d'])));
  assert.equal(read.parameters, { total: 72_266, trainable: 72_026, non_trainable: 240 });
  const [, conv, , dropout, , dense] = read.layers;
  assert.is(conv.output, '30x30x8');
  assert.equal(conv.kernel_size, [3, 3]);
  assert.is(conv.state, 'frozen');
  assert.equal(dropout.noise_shape, [1, 1, null]);
  assert.equal(dense.regularizer, { l1: 0, l2: 0.0001 });
  assert.is(dense.origin, '/runs/0/head/1');
});

test.run();
