// Where weights and optimizer slots live between steps: ms a step of three forms, in turn, one JSON line a case.
// node --import tsx bench/state.ts [part of a case name] [rounds]
// graph: the update is part of the graph, its outputs are preallocated and swap with its inputs. place: gradients out, one
// pass over each weight outside (what the engine does on the CPU). loop: LOOPED steps inside of one ONNX Loop.
import * as ort from 'onnxruntime-node';
import protobuf, { type INamespace } from 'protobufjs/light.js';
import { compileRun } from '../src/compiler/index.ts';
import { buildRunLayers } from '../src/compiler/layers/run-layers.ts';
import { onnxSchema } from '../src/compiler/onnx/schema.ts';
import type { StepProgram } from '../src/compiler/onnx/step-program.ts';
import { nextOf, writtenState } from '../src/compiler/training/state-tensor.ts';
import { createStepRunner } from '../src/runtime/engine/onnx/step-runner.ts';
import { initialWeights } from '../src/runtime/init-weights.ts';
import { readyRun } from '../test/support/trainable.ts';
import { stepCases } from './models.ts';

const LOOPED = 4;
const [only = '', rounds = '4'] = process.argv.slice(2);

/** The schema with what tlp itself never writes: a graph as an attribute. */
const schema = structuredClone(onnxSchema) as {
  nested: Record<string, { fields: Record<string, object> }>;
};
schema.nested.AttributeProto!.fields.g = { type: 'GraphProto', id: 6 };
const Model = protobuf.Root.fromJSON(schema as unknown as INamespace).lookupType('ModelProto');

interface Value {
  readonly name: string;
  readonly type?: object;
}

/** The train graph as the body of a Loop over the first axis of `all_images` and `all_labels`; state goes from turn to turn. */
const looped = (train: Uint8Array): Uint8Array => {
  const model = Model.toObject(Model.decode(train), { longs: Number }) as {
    graph: { input: Value[]; output: Value[]; node: object[]; initializer?: object[] };
  };
  const { graph } = model;
  const carried = graph.output.flatMap(({ name }) => {
    const written = writtenState(name);
    return written?.holds === 'next' ? [written.state] : [];
  });
  const fed = ['images', 'labels'];
  const scalar = (name: string, elemType: number): Value => ({ name, type: { tensorType: { elemType, shape: {} } } });
  const inputNamed = (name: string): Value => graph.input.find((input) => input.name === name) as Value;
  const any = (name: string): Value => ({ name, type: { tensorType: { elemType: 1 } } });
  const body = {
    name: 'step',
    initializer: graph.initializer ?? [],
    input: [scalar('turn', 7), scalar('go', 9), ...carried.map(inputNamed)],
    node: [
      ...fed.map((name) => ({ opType: 'Gather', name, input: [`all_${name}`, 'turn'], output: [name] })),
      { opType: 'Cast', input: ['turn'], output: ['past'], attribute: [{ name: 'to', i: 1, type: 2 }] },
      { opType: 'Add', input: ['past', 'first'], output: ['iteration'] },
      { opType: 'Identity', input: ['go'], output: ['go_on'] },
      ...graph.node,
    ],
    output: [
      scalar('go_on', 9),
      ...carried.map((name) => graph.output.find((output) => output.name === nextOf(name)) as Value),
      scalar('loss', 1),
    ],
  };
  const outer = graph.input.filter(({ name }) => ![...fed, 'iteration', ...carried].includes(name));
  const loop = {
    opType: 'Loop',
    name: 'loop',
    input: ['turns', '', ...carried],
    output: [...carried.map((name) => nextOf(name)), 'losses'],
    attribute: [{ name: 'body', type: 5, g: body }],
  };
  const whole = {
    name: 'steps',
    node: [loop],
    input: [
      scalar('turns', 7),
      scalar('first', 1),
      ...fed.map((name) => any(`all_${name}`)),
      ...outer,
      ...carried.map(inputNamed),
    ],
    output: [...carried.map((name) => any(nextOf(name))), any('losses')],
  };
  return Model.encode(Model.fromObject({ ...model, graph: whole })).finish();
};

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const tensor = (data: Float32Array, shape: readonly number[]) => new ort.Tensor('float32', data, [...shape]);

/** Named tensors of all state, and buffers for the next values of what changes. */
const stateOf = (program: StepProgram, weights: ReadonlyMap<string, Float32Array>) => {
  const now: Record<string, ort.Tensor> = {};
  const next: Record<string, ort.Tensor> = {};
  for (const { name, shape, weight, updated, initial } of program.state) {
    // the order of a kernel's values does not matter for time
    const data = weight === null ? new Float32Array(size(shape)).fill(initial) : weights.get(weight)!.slice();
    now[name] = tensor(data, shape);
    if (updated) next[nextOf(name)] = tensor(new Float32Array(size(shape)), shape);
  }
  return { now, next };
};

const swap = ({ now, next }: ReturnType<typeof stateOf>): void => {
  for (const name of Object.keys(next)) {
    const state = name.slice(0, -5);
    [now[state], next[name]] = [next[name]!, now[state]!];
  }
};

const options: ort.InferenceSession.SessionOptions = { graphOptimizationLevel: 'all', logSeverityLevel: 4 };

for (const { name, batch, run } of stepCases.filter((each) => each.name.includes(only))) {
  const layers = buildRunLayers(run, '/runs/0');
  const stage = compileRun(readyRun(run), layers).stages[0]!;
  const { classes } = stage;
  const program = stage.program!;
  const { height, width, channels } = run.data.image;
  const weights = initialWeights(layers.model, 1);
  const images = Float32Array.from({ length: batch * height * width * channels }, () => Math.random());
  const labels = new Float32Array(batch * classes);
  for (let i = 0; i < batch; i += 1) labels[i * classes + (i % classes)] = 1;
  const imageShape = [batch, channels, height, width];
  const rate = tensor(Float32Array.of(1e-3), []);
  let iteration = 0;

  /** Each form for LOOPED steps. */
  const openForms = {
    graph: async () => {
      const session = await ort.InferenceSession.create(program.train!, options);
      const state = stateOf(program, weights);
      return async () => {
        for (let i = 0; i < LOOPED; i += 1) {
          const batchValues = { images: tensor(images, imageShape), labels: tensor(labels, [batch, classes]) };
          const step = { learning_rate: rate, iteration: tensor(Float32Array.of(++iteration), []) };
          await session.run({ ...state.now, ...batchValues, ...step }, { ...state.next, loss: null, correct: null });
          swap(state);
        }
      };
    },
    place: async () => {
      const image = [height, width, channels] as const;
      const runner = await createStepRunner({ stage, weights, device: 'cpu', image, threads: 0 });
      return async () => {
        for (let i = 0; i < LOOPED; i += 1)
          await runner.train({ count: batch, inputs: { images }, labels, masks: {} }, 1e-3, ++iteration);
      };
    },
    loop: async () => {
      const session = await ort.InferenceSession.create(looped(program.train!), options);
      const state = stateOf(program, weights);
      const repeat = (values: Float32Array): Float32Array => {
        const all = new Float32Array(values.length * LOOPED);
        for (let i = 0; i < LOOPED; i += 1) all.set(values, i * values.length);
        return all;
      };
      const fed = {
        all_images: tensor(repeat(images), [LOOPED, ...imageShape]),
        all_labels: tensor(repeat(labels), [LOOPED, batch, classes]),
        turns: new ort.Tensor('int64', BigInt64Array.of(BigInt(LOOPED)), []),
        learning_rate: rate,
      };
      return async () => {
        const first = tensor(Float32Array.of(iteration + 1), []);
        iteration += LOOPED;
        await session.run({ ...state.now, ...fed, first }, { ...state.next, losses: null });
        swap(state);
      };
    },
  };
  const best: Record<string, number> = {};
  // A form at a time is open: three at once would not fit beside each other in memory.
  for (let round = 0; round < 2; round += 1) {
    for (const [form, open] of Object.entries(openForms)) {
      const steps = await open();
      await steps(); // warms up
      for (let i = 0; i < Number(rounds); i += 1) {
        const begin = performance.now();
        await steps();
        best[form] = Math.min(best[form] ?? Number.POSITIVE_INFINITY, (performance.now() - begin) / LOOPED);
      }
    }
  }
  const rounded = Object.fromEntries(Object.entries(best).map(([form, ms]) => [form, Math.round(ms * 10) / 10]));
  console.log(JSON.stringify({ bench: 'state between steps', case: name, ms_a_step: rounded }));
}
