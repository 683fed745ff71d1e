// Shapes and weights of random networks against tfjs-layers, and hand-made cases that tfjs gets wrong.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import { topologyOf } from '../../../src/compiler/layers/topology.ts';
import type { LayerPlan } from '../../../src/compiler/plan/plan.ts';
import { image, layer, own, runPlan } from '../../support/run-plan.ts';
import { tfjsModel } from '../../support/tfjs.ts';

const test = suite('layers/shapes');

const side = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
const stride = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
const padding = fc.constantFrom('valid' as const, 'same' as const);
const filters = fc.integer({ min: 1, max: 5 });
// tfjs takes strides or dilation, not both.
const spacing = fc.oneof(
  fc.record({ stride, dilation: fc.constant([1, 1] as const) }),
  fc.record({ stride: fc.constant([1, 1] as const), dilation: side }),
);

const anyLayer: fc.Arbitrary<LayerPlan> = fc.oneof(
  fc
    .tuple(filters, side, padding, spacing, fc.boolean())
    .map(([count, kernel, padding, spacing, use_bias]) =>
      layer.conv(count, 1, { kernel, padding, use_bias, ...spacing }),
    ),
  fc
    .tuple(fc.integer({ min: 1, max: 2 }), side, padding, fc.integer({ min: 1, max: 3 }))
    .map(([multiplier, kernel, padding, s]) => layer.depthwise(1, { multiplier, kernel, padding, stride: [s, s] })),
  fc
    .tuple(filters, side, padding, fc.integer({ min: 1, max: 3 }))
    .map(([count, kernel, padding, s]) => layer.separable(count, 1, { kernel, padding, stride: [s, s] })),
  fc.tuple(side, stride, padding).map(([size, stride, padding]) => layer.maxPool(1, { size, stride, padding })),
  fc
    .tuple(side, stride, padding)
    .map(([size, stride, padding]) => ({ kind: 'average_pool' as const, size, stride, padding, name: null })),
  fc.record({
    kind: fc.constant('zero_padding' as const),
    top: fc.nat(3),
    bottom: fc.nat(3),
    left: fc.nat(3),
    right: fc.nat(3),
    name: fc.constant(null),
  }),
  fc.constantFrom(layer.batchNorm(), layer.layerNorm(), layer.spatialDropout(0.5), layer.activation('hard_silu')),
  fc.constantFrom(
    layer.merge('add', [], [layer.batchNorm()]),
    layer.merge('concatenate', [layer.conv(2, 1)], [layer.depthwise(3, { padding: 'same' })], []),
  ),
);

test('random networks have the shapes and weights that tfjs computes', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyLayer, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 5, max: 17 }),
      async (plans, size) => {
        const { model, problems } = buildLayers(runPlan(own(...plans), image(size)));
        if (problems.length > 0) return;
        compared += 1;
        const loaded = await tfjsModel(topologyOf(model));
        for (const { name, output_shape, weights } of model.layers) {
          if (!loaded.layers.some((theirs) => theirs.name === name)) continue;
          const theirs = loaded.getLayer(name);
          assert.equal((theirs.outputShape as number[]).slice(1), output_shape, name);
          assert.equal(
            theirs.weights.map((weight) => weight.shape),
            weights.map((weight) => weight.shape),
            name,
          );
        }
        loaded.dispose();
      },
    ),
    { numRuns: 150, seed: 11 },
  );
  assert.ok(compared > 75, `only ${compared} networks could be compared`);
});

test('a network whose problems are found does not load in tfjs either, or only with an empty output', async () => {
  const { model, problems } = buildLayers(runPlan(own(layer.conv(2, 3)), image(2)));
  assert.is(problems.length, 1);
  let failed = false;
  try {
    const loaded = await tfjsModel(topologyOf(model));
    failed = (loaded.getLayer('conv2d').outputShape as number[]).some((size) => size !== null && size <= 0);
  } catch {
    failed = true;
  }
  assert.ok(failed);
});

test("grouped convolutions have kernels of a group's channels, as in Keras", () => {
  const { model } = buildLayers(runPlan(own(layer.conv(8, 7, { groups: 4, padding: 'same' })), image(7, 4)));
  assert.equal(model.layers[1]?.weights[0]?.shape, [7, 7, 1, 8]);
});

test.run();
