// The list of passes is what runs; between them graphs are sound, of generated networks, too; a planted fault is found behind its pass.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Graph } from '../../src/compiler/graph/graph.ts';
import { compileRun } from '../../src/compiler/index.ts';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { type Pass, passes, runPasses } from '../../src/compiler/passes.ts';
import type { FreezePlan, LayerPlan, OptimizerPlan, RunPlan, StagePlan } from '../../src/compiler/plan/plan.ts';
import type { TrainingGraphs, TrainingRequest } from '../../src/compiler/training/training-graphs.ts';
import { freezeNone, image, layer, own, runPlan } from '../support/run-plan.ts';
import { readyRun } from '../support/trainable.ts';

const running = suite('passes');

const requestOf = (run: RunPlan, classWeights: readonly number[] | null = null): TrainingRequest | null => {
  const layers = buildRunLayers(run, '/runs/0');
  if (layers.problems.length > 0) return null;
  return { model: layers.model, stage: run.stages[0]!, ...layers.stages[0]!, classWeights };
};

const relu = { activation: 'relu', padding: 'same' } as const;
const small = runPlan(
  own(layer.conv(4, 3, { ...relu, name: 'one' }), layer.batchNorm(), layer.maxPool(2), layer.conv(4, 3, relu)),
  image(8),
);
const request = requestOf(small)!;

running('the first entry of the list starts: another start gives other graphs', () => {
  const [first, ...others] = passes;
  const seen: string[] = [];
  const start = (of: TrainingRequest): TrainingGraphs => {
    seen.push(first.name);
    return first.start(of);
  };
  const noted = others.map(
    (pass): Pass => ({
      ...pass,
      run: (graphs, of) => {
        seen.push(pass.name);
        return pass.run(graphs, of);
      },
    }),
  );
  runPasses(request, {}, [{ ...first, start }, ...noted]);
  assert.equal(
    seen,
    passes.map(({ name }) => name),
  );
});

running('stopping behind a pass gives what it left; a name that is no pass is refused', () => {
  assert.is(runPasses(request, { last: 'lower' }).gradients, null);
  assert.is(runPasses(request, { last: 'differentiate' }).gradients, null);
  assert.ok(runPasses(request, { last: 'update' }).gradients);
  assert.throws(() => runPasses(request, { last: 'inline' }), /there is no pass 'inline'/);
});

const own2: FreezePlan = { kind: 'backbone', count: null, except: { kind: 'last', count: 2 }, batch_norm: 'train' };
const frozen: FreezePlan = { kind: 'backbone', count: null, except: null, batch_norm: 'train' };
const shared = { weight_decay: 0.01, lr: 0.1 } as const;
const optimizers: readonly OptimizerPlan[] = [
  { ...shared, kind: 'sgd', momentum: 0, nesterov: false },
  { ...shared, kind: 'sgd', momentum: 0.9, nesterov: true },
  { ...shared, kind: 'adam', beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, amsgrad: true },
  { ...shared, kind: 'rmsprop', rho: 0.9, momentum: 0.9, epsilon: 1e-7, centered: true },
  { ...shared, kind: 'adagrad', initial_accumulator: 0.1, epsilon: 1e-7 },
];

const straight: fc.Arbitrary<LayerPlan> = fc.oneof(
  fc.constantFrom(1, 2).map((stride) => layer.conv(4, 3, { ...relu, stride: [stride, stride] })),
  fc.constantFrom(2, 4).map((groups) => layer.conv(4, 3, { ...relu, groups })),
  fc.constantFrom('gelu' as const, 'mish' as const, 'hard_sigmoid' as const, 'selu' as const).map(layer.activation),
  fc.constant(layer.conv(4, 1, { use_bias: false })),
  fc.constant(layer.depthwise(3, { padding: 'same' })),
  fc.constant(layer.separable(4, 3, { padding: 'same' })),
  fc.constant(layer.batchNorm()),
  fc.constant(layer.layerNorm()),
  fc.constant(layer.maxPool(2)),
  fc.constant(layer.maxPool(3, { stride: [2, 2], padding: 'same' })),
  fc.constant(layer.dropout(0.3)),
  fc.constant(layer.spatialDropout(0.3)),
  fc.constant(layer.zeroPadding(1)),
  fc.constant(layer.rescaling(2, -1)),
);
const branched: fc.Arbitrary<LayerPlan> = fc
  .constantFrom('add' as const, 'concatenate' as const, 'multiply' as const)
  .map((kind) => layer.merge(kind, [layer.conv(4, 3, relu)], [layer.conv(4, 1), layer.batchNorm()]));

const clips: readonly StagePlan['clip'][] = [
  { kind: 'none' },
  { kind: 'value', limit: 1 },
  { kind: 'norm', limit: 1 },
  { kind: 'global_norm', limit: 1 },
];
const generated = fc.record({
  layers: fc.array(fc.oneof({ weight: 4, arbitrary: straight }, branched), { minLength: 1, maxLength: 6 }),
  head: fc.constantFrom([layer.gap()], [layer.flatten(), layer.dense(6, { activation: 'tanh' }), layer.dropout(0.5)]),
  freeze: fc.constantFrom(freezeNone, frozen, own2),
  optimizer: fc.constantFrom(...optimizers),
  clip: fc.constantFrom(...clips),
  smoothing: fc.constantFrom(0, 0.1),
  weighted: fc.boolean(),
});

running('graphs of generated networks are sound behind every pass', () => {
  let compiled = 0;
  fc.assert(
    fc.property(generated, ({ layers, head, freeze, optimizer, clip, smoothing, weighted }) => {
      const last = layer.dense(3, { activation: 'softmax', name: 'predictions' });
      const plan = runPlan(own(layer.conv(4, 3, relu), ...layers), image(13), [...head, last]);
      const stages = plan.stages.map((stage) => ({ ...stage, freeze, optimizer, clip, label_smoothing: smoothing }));
      const of = requestOf({ ...plan, data: { ...plan.data, classes: 3 }, stages }, weighted ? [1, 2, 0.5] : null);
      fc.pre(of !== null);
      compiled += 1;
      runPasses(of, { verify: true });
    }),
    { numRuns: 150, seed: 7 },
  );
  assert.ok(compiled >= 100, `${compiled} networks were compiled`);
});

/** The passes with one more, which changes the train graph. */
const withPass = (name: string, change: (graph: Graph) => Graph) => {
  const [first, ...others] = passes;
  const pass: Pass = { name, does: '', run: (graphs) => ({ ...graphs, train: change(graphs.train!) }) };
  return [first, ...others, pass] as const;
};
const faultOf = (change: (graph: Graph) => Graph): string => {
  try {
    runPasses(request, { verify: true }, withPass('planted', change));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

const faults: readonly (readonly [string, (graph: Graph) => Graph, string])[] = [
  ['a node is lost', (graph) => ({ ...graph, nodes: graph.nodes.slice(1) }), 'before it is defined'],
  [
    'a node is doubled',
    (graph) => ({ ...graph, nodes: [...graph.nodes, graph.nodes[0]!] }),
    "the value 'one/Conv' is defined twice",
  ],
  [
    'an input is fed by nobody',
    (graph) => ({
      ...graph,
      inputs: [...graph.inputs, 'extra'],
      outputs: [...graph.outputs, 'extra'],
      values: new Map([...graph.values, ['extra', { name: 'extra', dtype: 'float32', shape: [] }]]),
    }),
    "nobody feeds the input 'extra'",
  ],
  [
    'a next value has the shape of another weight',
    (graph) => ({
      ...graph,
      nodes: graph.nodes.map((node) =>
        node.outputs[0] === 'one/bias:next' ? { ...node, inputs: ['one/kernel'] } : node,
      ),
      values: new Map([
        ...graph.values,
        ['one/bias:next', { ...graph.values.get('one/kernel')!, name: 'one/bias:next' }],
      ]),
    }),
    "'one/bias:next' is 4x3x3x3, its state 4",
  ],
  [
    'a next value of nothing',
    (graph) => ({
      ...graph,
      nodes: [...graph.nodes, { op: { op: 'Identity' }, inputs: ['loss'], outputs: ['none:next'] }],
      outputs: [...graph.outputs, 'none:next'],
      values: new Map([...graph.values, ['none:next', { ...graph.values.get('loss')!, name: 'none:next' }]]),
    }),
    "the output 'none:next' belongs to no state tensor",
  ],
];

for (const [name, change, fault] of faults) {
  running(`${name}: found, and the pass is named`, () => {
    const message = faultOf(change);
    assert.ok(message.startsWith("the pass 'planted' left a graph that does not hold:\ngraph train: "), message);
    assert.ok(message.includes(fault), message);
  });
}

running('compiling a run verifies when asked to', () => {
  const built = buildRunLayers(small, '/runs/0');
  const layers = built.model.layers.map((each) => ({ ...each, weights: [...each.weights, ...each.weights] }));
  const doubled = { ...built, model: { ...built.model, layers } };
  const facts = { sourceImage: null, classWeights: null };
  assert.throws(
    () => compileRun(readyRun(small), doubled, facts, { verify: true }),
    /'lower' left .*two state tensors are named/s,
  );
  compileRun(readyRun(small), built, facts, { verify: true });
});

running('two state tensors of one name are found', () => {
  const [first, ...others] = passes;
  const twice: Pass = {
    name: 'planted',
    does: '',
    run: (graphs) => ({ ...graphs, state: [...graphs.state, graphs.state[0]!] }),
  };
  assert.throws(
    () => runPasses(request, { verify: true }, [first, twice, ...others]),
    /'planted' left a graph that does not hold:\ntwo state tensors are named 'one\/kernel'/,
  );
});

running('a pass that should leave standard operators only, and does not, is found', () => {
  const [first, ...others] = passes;
  const idle = others.map((pass): Pass => (pass.standard ? { ...pass, run: (graphs) => graphs } : pass));
  assert.throws(
    () => runPasses(request, { verify: true }, [first, ...idle]),
    /'spell-batch-norm' left .*\n.*is no operator of the standard ONNX domain/,
  );
});

running('without the option nothing is verified', () => {
  runPasses(
    request,
    {},
    withPass('planted', (graph) => ({ ...graph, outputs: [...graph.outputs, 'none'] })),
  );
});

running.run();
