// An engine and a loader with known arithmetic: one weight w, one value x an image, loss (x - w)^2, gradient 2 (w - x).
import type { CompiledRun, Target } from '../../src/compiler/compiled-run.ts';
import type { PreprocessProgram } from '../../src/compiler/kernels/preprocess.ts';
import type { StagePlan } from '../../src/compiler/plan/plan.ts';
import type { Batch, Engine, EngineSession, StepResult, Weights } from '../../src/runtime/engine/engine.ts';
import type { RunEvent } from '../../src/runtime/events.ts';
import type { Loader, Pass } from '../../src/runtime/loader/loader.ts';
import type { TrainData, TrainRequest } from '../../src/runtime/trainer/trainer.ts';

/** SGD with momentum on w, so that there is one optimizer slot: v <- momentum v - lr g; w <- w + v, both kept as float32. */
export interface FakeEngine extends Engine {
  /** Calls in order: `train 3 lr 0.1 iteration 1`, `evaluate 2`, `close` … */
  readonly calls: string[];
  /** What was copied out of the engine, in order: `weights`, `kept best`, `slots`. */
  readonly copies: string[];
}

export interface FakeOptions {
  readonly momentum?: number;
  /** Called before a train step with its number over the whole life of the engine, from 1. */
  readonly onStep?: (step: number) => void;
  /** A fault: each train step adds to the first value of this weight, in the memory that was given. */
  readonly drift?: { readonly name: string; readonly by: number };
  /** Loss to report in place of the true one. */
  readonly loss?: (step: number) => number | null;
}

/** No ONNX: it stands for engines that read the layers themselves. */
const target: Target = { layout: 'nhwc', program: false };

const NAME = 'dense/kernel';
const SLOT = 'dense/kernel/velocity';

export const fakeEngine = (options: FakeOptions = {}): FakeEngine => {
  const calls: string[] = [];
  const copies: string[] = [];
  let steps = 0;
  const open: Engine['open'] = async ({ stage, weights }) => {
    if (stage.program !== null) throw new Error('the fake engine was given a program');
    let w = weights.get(NAME)![0]!;
    const others = [...weights].filter(([name]) => name !== NAME);
    const all = (): Weights => new Map([[NAME, Float32Array.of(w)], ...others]);
    let velocity = 0;
    const kept = new Map<string, number>();
    const gradientOf = ({ inputs, count }: Batch): number =>
      inputs.images!.reduce((sum, x) => sum + 2 * (w - x), 0) / count;
    const score = ({ inputs, count }: Batch): StepResult => {
      const errors = [...inputs.images!.subarray(0, count)].map((x) => x - w);
      return {
        loss: errors.reduce((sum, e) => sum + e * e, 0) / count,
        correct: errors.filter((e) => Math.abs(e) < 1).length,
      };
    };
    const update = (gradient: number, learningRate: number): void => {
      velocity = Math.fround((options.momentum ?? 0) * velocity - learningRate * gradient);
      w = Math.fround(w + velocity);
    };
    const session: EngineSession = {
      device: 'cpu',
      features: null,
      embed: async () => {
        throw new Error('the fake engine has no prefix');
      },
      train: async (batch, learningRate, iteration) => {
        steps += 1;
        options.onStep?.(steps);
        calls.push(`train ${batch.count} lr ${learningRate} iteration ${iteration}`);
        const result = score(batch);
        update(gradientOf(batch), learningRate);
        const drifting = weights.get(options.drift?.name ?? '');
        if (drifting && options.drift) drifting[0]! += options.drift.by;
        return { ...result, loss: options.loss?.(steps) ?? result.loss };
      },
      evaluate: async (batch) => {
        calls.push(`evaluate ${batch.count}`);
        return score(batch);
      },
      predict: async ({ count }) => new Float32Array(count),
      gradients: async (batch) => ({
        ...score(batch),
        weights: new Map([[NAME, Float32Array.of(gradientOf(batch))]]),
        statistics: new Map(),
      }),
      apply: async (gradients, learningRate) => update(gradients.weights.get(NAME)![0]!, learningRate),
      weights: async () => {
        copies.push('weights');
        return all();
      },
      setWeights: async (next: Weights) => {
        w = next.get(NAME)![0]!;
      },
      keep: async (name, given) => void kept.set(name, given ? given.get(NAME)![0]! : w),
      restore: async (name) => {
        w = kept.get(name)!;
      },
      kept: async (name) => {
        copies.push(`kept ${name}`);
        const value = kept.get(name);
        return value === undefined ? null : new Map([[NAME, Float32Array.of(value)]]);
      },
      release: async (name) => void kept.delete(name),
      average: async (name, momentum) => {
        const before = kept.get(name);
        kept.set(name, before === undefined ? w : Math.fround(momentum * before + (1 - momentum) * w));
      },
      slots: async () => {
        copies.push('slots');
        return new Map([[SLOT, Float32Array.of(velocity)]]);
      },
      setSlots: async (next: Weights) => {
        velocity = next.get(SLOT)![0]!;
      },
      close: async () => {
        calls.push('close');
      },
    };
    return session;
  };
  return { name: 'fake', version: '1', devices: ['cpu'], target, calls, copies, open, probe: async () => [] };
};

/** Image i of the train split is `train[i]`, of the test split `test[i]`. */
export const fakeLoader = (train: readonly number[], test: readonly number[], log: string[] = []): Loader => ({
  batches: async function* (pass: Pass) {
    const values = pass.split === 'train' ? train : test;
    log.push(`${pass.mode} ${pass.split} epoch ${pass.epoch} skip ${pass.skip}: ${[...pass.indices].join(' ')}`);
    for (let from = pass.skip * pass.batch; from < pass.indices.length; from += pass.batch) {
      const indices = [...pass.indices.subarray(from, from + pass.batch)];
      const images = Float32Array.from(indices, (i) => values[i]!);
      yield { count: indices.length, inputs: { images }, labels: new Float32Array(indices.length), masks: {} };
    }
  },
  identify: async () => {
    throw new Error('nobody asks a fake loader');
  },
  close: async () => {},
});

export const fakeStage = (changes: Partial<StagePlan> = {}): StagePlan => ({
  name: 'training',
  freeze: { kind: 'none', count: null, except: null, batch_norm: 'train' },
  epochs: 3,
  batch: 2,
  optimizer: { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false, weight_decay: 0 },
  learning_rate: { schedule: { kind: 'constant' }, warmup_epochs: 0, backbone_factor: 1 },
  keep_optimizer: false,
  clip: { kind: 'none' },
  label_smoothing: 0,
  ema: null,
  early_stopping: null,
  reduce_lr_on_plateau: null,
  checkpoint: null,
  ...changes,
});

export const fakeRun = (stages: readonly StagePlan[]): CompiledRun => {
  const image = { height: 1, width: 1, channels: 1 };
  const preprocess: PreprocessProgram = {
    source: image,
    output: image,
    layout: 'nhwc',
    interpolation: 'nearest',
    antialias: false,
    augment: [],
    batch: [],
    order: [0],
    scale: [1],
    offset: [0],
  };
  return {
    plan: {
      name: 'main',
      sweep: null,
      continues: null,
      seed: 1,
      augment: [],
      views: null,
      head: [],
      stages,
      backbone: { kind: 'own', name: null, layers: [], weights: { kind: 'none' } },
      data: {
        source: { kind: 'digits' },
        only_classes: null,
        classes: 1,
        image,
        source_image: image,
        class_weights: 'none',
        resize: { interpolation: 'nearest', antialias: false },
        normalize: { kind: 'none', order: 'rgb', scale: [1], offset: [0] },
        validation: { kind: 'none' },
        limit: { train: null, test: null },
      },
    },
    model: {
      name: 'fake',
      layers: [
        {
          name: 'dense',
          inputs: [],
          output_shape: [1],
          part: 'head',
          origin: '/runs/0/head/0',
          class_name: 'Dense',
          units: 1,
          use_bias: false,
          activation: 'linear',
          weights: [
            {
              name: 'dense/kernel',
              shape: [1],
              kind: 'trainable',
              regularizer: null,
              initializer: { kind: 'zeros' },
            },
          ],
        },
      ],
    },
    stages: stages.map((plan) => ({
      plan,
      frozen: [],
      classes: 1,
      classWeights: null,
      layout: 'nhwc',
      masks: [],
      features: null,
      stepWork: 0,
      frontier: null,
      program: null,
      trained: { trainable: new Set(['dense/kernel']), moving: new Set<string>() },
    })),
    preprocess: { train: preprocess, evaluate: preprocess },
    kernels: { train: '', evaluate: '' },
  };
};

export interface FakeSetup {
  readonly stages: readonly StagePlan[];
  readonly train: readonly number[];
  readonly validation?: readonly number[];
  readonly test?: readonly number[];
  readonly w?: number;
  readonly engine?: FakeEngine;
  readonly signal?: AbortSignal;
  readonly more?: Partial<TrainRequest>;
}

/** A request whose images are numbers; the validation images follow the train images in the train split. */
export const fakeRequest = (setup: FakeSetup) => {
  const { train, validation, test = [] } = setup;
  const events: RunEvent[] = [];
  const passes: string[] = [];
  const engine = setup.engine ?? fakeEngine();
  const indices = Uint32Array.from(train.keys());
  const data: TrainData = {
    classes: ['one'],
    train: indices,
    validation: validation
      ? { split: 'train', indices: Uint32Array.from(validation.keys(), (i) => i + train.length) }
      : null,
    test: Uint32Array.from(test.keys()),
    probe: indices.slice(0, 2),
    shuffled: (epoch) => (epoch % 2 === 1 ? indices : indices.slice().reverse()),
  };
  let time = 0;
  const request: TrainRequest = {
    compiled: fakeRun(setup.stages),
    engine,
    device: 'cpu',
    data,
    folder: 'runs/fake/now',
    openLoader: async () => fakeLoader([...train, ...(validation ?? [])], test, passes),
    weights: new Map([['dense/kernel', Float32Array.of(setup.w ?? 0)]]),
    listener: (event) => events.push(event),
    signal: setup.signal ?? new AbortController().signal,
    clock: () => {
      time += 1;
      return time;
    },
    ...setup.more,
  };
  return { request, events, passes, calls: engine.calls, copies: engine.copies };
};
