// Verifier of graphs: each kind of fault, planted into a sound graph, is named.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder, formulas } from '../../../src/compiler/graph/builder.ts';
import { BATCH } from '../../../src/compiler/graph/dims.ts';
import type { Graph, Node, Op, Value } from '../../../src/compiler/graph/graph.ts';
import { verifyGraph } from '../../../src/compiler/graph/verify.ts';

const verifying = suite('verifier of graphs');

/** y = relu(x w) + 1 */
const sound = (): Graph => {
  const b = createBuilder();
  const f = formulas(b);
  const x = b.input('x', 'float32', [BATCH, 3]);
  const w = b.input('w', 'float32', [3, 2]);
  const product = b.add({ op: 'Gemm', transA: false, transB: false }, [x, w]);
  const y = f.add(b.add({ op: 'Relu' }, [product]), 1);
  return b.finish([b.named(y, 'y')], 'g');
};
const none: ReadonlySet<string> = new Set();
const faultsOf = (graph: Graph, declared = none, standard = true): readonly string[] =>
  verifyGraph(graph, { declared, standard });

const retyped = (graph: Graph, name: string, change: Partial<Value>): Graph => {
  const value = graph.values.get(name);
  assert.ok(value);
  return { ...graph, values: new Map([...graph.values, [name, { ...value, ...change }]]) };
};
const withNodes = (graph: Graph, change: (nodes: readonly Node[]) => readonly Node[]): Graph => ({
  ...graph,
  nodes: change(graph.nodes),
});

verifying('a sound graph has no faults', () => assert.equal(faultsOf(sound()), []));

const planted: readonly (readonly [string, (graph: Graph) => Graph, readonly string[]])[] = [
  [
    'a value that two nodes define',
    (graph) => withNodes(graph, (nodes) => [...nodes, nodes[1] as Node]),
    ["the value 'Relu' is defined twice"],
  ],
  [
    'an input that a node defines, too',
    (graph) => ({ ...graph, inputs: [...graph.inputs, 'Relu'] }),
    ["the value 'Relu' is defined twice"],
  ],
  [
    'nodes in the wrong order',
    (graph) => withNodes(graph, ([first, second, ...others]) => [second as Node, first as Node, ...others]),
    ["Relu reads 'Gemm' before it is defined"],
  ],
  [
    'a node that is missing',
    (graph) => withNodes(graph, (nodes) => nodes.filter(({ op }) => op.op !== 'Relu')),
    ["Add reads 'Relu' before it is defined"],
  ],
  [
    'a recorded shape that no rule gives',
    (graph) => retyped(graph, 'Relu', { shape: [BATCH, 3] }),
    [
      "the value 'Relu' is recorded as float32 Nx3, Relu gives float32 Nx2",
      "the value 'Add' is recorded as float32 Nx2, Add gives float32 Nx3",
    ],
  ],
  [
    'a batch axis that lost its multiple',
    (graph) => retyped(graph, 'y', { shape: [{ times: 2 }, 2] }),
    ["the value 'y' is recorded as float32 2Nx2, Identity gives float32 Nx2"],
  ],
  [
    'a recorded number type that no rule gives',
    (graph) => retyped(graph, 'y', { dtype: 'bool' }),
    ["the value 'y' is recorded as bool Nx2, Identity gives float32 Nx2"],
  ],
  [
    'inputs that do not fit their operator',
    (graph) => retyped(graph, 'w', { shape: [4, 2] }),
    ["Gemm that gives 'Gemm' does not fit its inputs: Gemm of Nx3 and 4x2"],
  ],
  [
    'a value without a type',
    (graph) => ({ ...graph, values: new Map([...graph.values].filter(([name]) => name !== 'y')) }),
    ["the value 'y' has no recorded type"],
  ],
  [
    "a value recorded under another's name",
    (graph) => retyped(graph, 'y', { name: 'z' }),
    ["the value 'y' is recorded as 'z'"],
  ],
  [
    'a constant of the wrong size',
    (graph) => ({ ...graph, constants: graph.constants.map((each) => ({ ...each, data: new Float32Array(2) })) }),
    ["the constant '#1' holds 2 values of float32, recorded is float32 scalar"],
  ],
  [
    'a constant of the wrong number type',
    (graph) => ({ ...graph, constants: graph.constants.map((each) => ({ ...each, data: new BigInt64Array(1) })) }),
    ["the constant '#1' holds 1 values of int64, recorded is float32 scalar"],
  ],
  [
    'an output that nothing defines',
    (graph) => ({ ...graph, outputs: [...graph.outputs, 'loss'] }),
    ["the output 'loss' is not defined"],
  ],
  [
    'an input that nothing reads',
    (graph) => ({
      ...graph,
      inputs: [...graph.inputs, 'mask'],
      values: new Map([...graph.values, ['mask', { name: 'mask', dtype: 'float32', shape: [] }]]),
    }),
    ["the input 'mask' is not read"],
  ],
  [
    'more outputs than the operator has',
    (graph) =>
      withNodes(graph, (nodes) =>
        nodes.map((node) => (node.op.op === 'Relu' ? { ...node, outputs: [...node.outputs, 'more'] } : node)),
      ),
    ["the value 'more' has no recorded type", "Relu that gives 'Relu' has 2 outputs, not 1"],
  ],
  [
    'an operator that does not exist',
    (graph) =>
      withNodes(graph, (nodes) =>
        nodes.map((node) => (node.op.op === 'Relu' ? { ...node, op: { op: 'FusedRelu' } as never } : node)),
      ),
    ["FusedRelu that gives 'Relu' is no operator that tlp knows"],
  ],
];

for (const [name, plant, faults] of planted) {
  verifying(name, () => assert.equal(faultsOf(plant(sound())), faults));
}

verifying('an input that is declared may go unread', () => {
  const graph = sound();
  const wider: Graph = {
    ...graph,
    inputs: [...graph.inputs, 'iteration'],
    values: new Map([...graph.values, ['iteration', { name: 'iteration', dtype: 'float32', shape: [] }]]),
  };
  assert.equal(faultsOf(wider, new Set(['iteration'])), []);
  assert.equal(faultsOf(wider), ["the input 'iteration' is not read"]);
});

verifying("an operator of tlp's own is found where the standard domain is asked for", () => {
  const b = createBuilder();
  const op: Op = { op: 'BatchNormalizationTraining', epsilon: 1e-3 };
  const from = [
    b.input('x', 'float32', [BATCH, 3, 4, 4]),
    b.input('scale', 'float32', [3]),
    b.input('bias', 'float32', [3]),
  ];
  const graph = b.finish(b.addAll(op, from), 'g');
  assert.equal(faultsOf(graph, none, false), []);
  assert.equal(faultsOf(graph), [
    "BatchNormalizationTraining that gives 'BatchNormalizationTraining' is no operator of the standard ONNX domain",
  ]);
});

verifying.run();
