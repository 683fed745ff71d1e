// Runs a step program on onnxruntime in this thread. `session.run` blocks it, so the engine keeps this in a worker.
import * as ort from 'onnxruntime-node';
import { bindInitializers } from '../../../compiler/onnx/bind.ts';
import type { StateTensor, StepProgram } from '../../../compiler/onnx/step-program.ts';
import { writtenState } from '../../../compiler/training/state-tensor.ts';
import type { Batch, Device, StepResult, Weights } from '../engine.ts';
import { createArena } from './arena.ts';
import { toGraph, toKeras } from './layout.ts';
import { hasKernel, updateInPlace } from './update-in-place.ts';

export interface RunnerRequest {
  readonly program: StepProgram;
  readonly weights: Weights;
  readonly device: Device;
  /** Height, width, channels of an image. */
  readonly image: readonly [number, number, number];
  /** Threads of one operator; 0: as many as there are cores. */
  readonly threads: number;
}

export interface StepRunner {
  train(batch: Batch, learningRate: number, iteration: number): Promise<StepResult>;
  evaluate(batch: Batch): Promise<StepResult>;
  predict(batch: Batch): Promise<Float32Array>;
  weights(): Weights;
  setWeights(weights: Weights): Promise<void>;
  slots(): Weights;
  setSlots(slots: Weights): void;
  close(): Promise<void>;
}

/** A state tensor and a buffer that a step writes: its next value, with which it then swaps, or its gradient. Made when needed. */
interface Held {
  readonly tensor: StateTensor;
  now: ort.Tensor;
  written: ort.Tensor | null;
}

/** Where a new buffer comes from. */
type Allocate = (length: number) => Float32Array;

const plain: Allocate = (length) => new Float32Array(length);

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

type SessionName = 'train' | 'gradients' | 'evaluate' | 'predict';

const tensorOf = (data: Float32Array, shape: readonly number[]): ort.Tensor =>
  new ort.Tensor('float32', data, [...shape]);

/** The buffer that a step writes for this tensor. Given to onnxruntime, so that no step allocates memory for it. */
const bufferOf = (each: Held): ort.Tensor => {
  each.written ??= tensorOf(plain(dataOf(each.now).length), each.tensor.shape);
  return each.written;
};

const dataOf = (tensor: ort.Tensor | undefined): Float32Array => {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the engine gave no float tensor');
  return tensor.data;
};

/** An arena for what an update in place touches: weights, gradients and slots, by the names of their tensors. */
const arenaFor = (gradients: NonNullable<StepProgram['gradients']>, sizes: ReadonlyMap<string, number>) => {
  const changed = gradients.weights.map(({ name }) => name);
  const touched = new Set(gradients.weights.flatMap(({ name, slots }) => [name, ...Object.values(slots)]));
  const arena = createArena([...touched, ...changed].map((name) => sizes.get(name) ?? 0));
  return arena === null ? null : { arena, touched, changed: new Set(changed) };
};

const feedsOf = (session: ort.InferenceSession, values: Readonly<Record<string, ort.Tensor>>) =>
  Object.fromEntries(session.inputNames.map((name) => [name, values[name] as ort.Tensor]));

const providerOf = (device: Device, program: StepProgram): ort.InferenceSession.ExecutionProviderConfig =>
  device === 'webgpu' ? { name: device, preferredLayout: 'NCHW', forceCpuNodeNames: program.cpuNodes } : device;

export const createStepRunner = async ({
  program,
  weights,
  device,
  image,
  threads,
}: RunnerRequest): Promise<StepRunner> => {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [providerOf(device, program)],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    // what goes wrong comes back as an error; nothing is written to the terminal
    logSeverityLevel: 4,
    // second moments of tiny gradients may be denormal numbers, which are slow
    extra: { session: { set_denormal_as_zero: '1' } },
  };
  const open = (model: Uint8Array): Promise<ort.InferenceSession> => ort.InferenceSession.create(model, options);

  const weightFor = (tensor: StateTensor, from: Weights): Float32Array => {
    const weight = from.get(tensor.weight ?? '');
    if (!weight) throw new Error(`no value for the weight '${tensor.weight}'`);
    return toGraph(tensor, weight);
  };
  /** On the CPU weights are updated in place; elsewhere they stay with the graph. */
  const step = device === 'cpu' ? 'gradients' : 'train';
  const sizes = new Map(program.state.map(({ name, shape }) => [name, sizeOf(shape)]));
  const inPlace = step === 'gradients' ? program.gradients : null;
  const home = inPlace !== null && hasKernel(inPlace.optimizer) ? arenaFor(inPlace, sizes) : null;
  const held = new Map<string, Held>();
  for (const tensor of program.state) {
    const { name, shape } = tensor;
    const allocate = home?.touched.has(name) ? home.arena.array : plain;
    const data = allocate(sizes.get(name) as number);
    if (tensor.weight === null) data.fill(tensor.initial);
    else data.set(weightFor(tensor, weights));
    const written = home?.changed.has(name) ? tensorOf(home.arena.array(data.length), shape) : null;
    held.set(name, { tensor, now: tensorOf(data, shape), written });
  }
  const stateOf = (name: string): Held => held.get(name) as Held;

  const sessions = new Map<SessionName | 'prefix', ort.InferenceSession>();
  const sessionFor = async (which: SessionName): Promise<ort.InferenceSession> => {
    const known = sessions.get(which);
    if (known) return known;
    const model = which === 'gradients' ? (program.gradients?.model ?? null) : program[which];
    if (model === null) throw new Error('this stage trains nothing');
    const session = await open(model);
    sessions.set(which, session);
    return session;
  };
  const prefixSession = async (): Promise<ort.InferenceSession | null> => {
    const { prefix } = program;
    if (prefix === null) return null;
    const known = sessions.get('prefix');
    if (known) return known;
    const constants = prefix.weights.map((name) => {
      const { tensor, now } = stateOf(name);
      return { name, shape: tensor.shape, data: dataOf(now) };
    });
    const session = await open(bindInitializers(prefix.model, constants));
    sessions.set('prefix', session);
    return session;
  };

  const [height, width, channels] = image;
  /** Inputs that come with the batch: images or the prefix's features, labels, masks. */
  const batchValues = async (batch: Batch): Promise<Record<string, ort.Tensor>> => {
    const images = tensorOf(batch.images, [batch.count, channels, height, width]);
    const prefix = await prefixSession();
    const below = prefix === null ? { images } : await prefix.run({ images });
    const masks = program.masks.flatMap(({ name, shape }) => {
      const mask = batch.masks[name];
      return mask ? [[name, tensorOf(mask, [batch.count, ...shape])] as const] : [];
    });
    return {
      ...below,
      labels: tensorOf(batch.labels, [batch.count, program.classes]),
      ...Object.fromEntries(masks),
    };
  };
  const state = (): Record<string, ort.Tensor> => Object.fromEntries([...held].map(([name, { now }]) => [name, now]));

  await prefixSession();
  await sessionFor(program.train === null ? 'evaluate' : step);

  return {
    async train(batch, learningRate, iteration) {
      const session = await sessionFor(step);
      const values = {
        ...state(),
        ...(await batchValues(batch)),
        learning_rate: tensorOf(Float32Array.of(learningRate), []),
        iteration: tensorOf(Float32Array.of(iteration), []),
      };
      const fetches: Record<string, ort.Tensor | null> = {};
      for (const name of session.outputNames) {
        const written = writtenState(name);
        fetches[name] = written === null ? null : bufferOf(stateOf(written.state));
      }
      const result = await session.run(feedsOf(session, values), fetches);
      for (const name of session.outputNames) {
        const written = writtenState(name);
        if (written?.holds !== 'next') continue;
        const each = stateOf(written.state);
        [each.now, each.written] = [bufferOf(each), each.now];
      }
      if (inPlace !== null) {
        const { optimizer, weights: changed } = inPlace;
        for (const { name, slots, rate } of changed) {
          const kept = Object.fromEntries(Object.entries(slots).map(([slot, of]) => [slot, dataOf(stateOf(of).now)]));
          const each = stateOf(name);
          const [weight, gradient] = [dataOf(each.now), dataOf(bufferOf(each))];
          updateInPlace(optimizer, weight, gradient, kept, learningRate * rate, iteration, home?.arena);
        }
      }
      return { loss: dataOf(result.loss)[0]!, correct: dataOf(result.correct)[0]! };
    },
    async evaluate(batch) {
      const session = await sessionFor('evaluate');
      const result = await session.run(feedsOf(session, { ...state(), ...(await batchValues(batch)) }));
      return { loss: dataOf(result.loss)[0]!, correct: dataOf(result.correct)[0]! };
    },
    async predict(batch) {
      const session = await sessionFor('predict');
      const result = await session.run(feedsOf(session, { ...state(), ...(await batchValues(batch)) }));
      return dataOf(result.probabilities).slice();
    },
    weights: () =>
      new Map(
        [...held.values()].flatMap(({ tensor, now }) =>
          tensor.weight === null ? [] : [[tensor.weight, toKeras(tensor, dataOf(now))] as const],
        ),
      ),
    async setWeights(from) {
      for (const each of held.values()) {
        if (each.tensor.weight !== null) dataOf(each.now).set(weightFor(each.tensor, from));
      }
      // the prefix holds its weights as constants: it is made anew when next needed
      const prefix = sessions.get('prefix');
      sessions.delete('prefix');
      await prefix?.release();
    },
    slots: () =>
      new Map(
        [...held.values()].flatMap(({ tensor, now }) =>
          tensor.weight === null ? [[tensor.name, dataOf(now).slice()] as const] : [],
        ),
      ),
    setSlots(slots) {
      for (const [name, data] of slots) {
        const each = held.get(name);
        if (each && each.tensor.weight === null) dataOf(each.now).set(data);
      }
    },
    async close() {
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    },
  };
};
