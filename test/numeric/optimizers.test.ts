// Optimizer updates against Keras 3.15.1: golden values of docs/facts/keras.md, "Optimizers" (w0 = 1, gradients 0.5, -0.25, 1).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBuilder, formulas } from '../../src/compiler/graph/builder.ts';
import type { OptimizerPlan, StagePlan } from '../../src/compiler/plan/plan.ts';
import { clipGradients, optimizerSlots, optimizerUpdate } from '../../src/compiler/training/optimizers.ts';
import { nextOf, writtenState } from '../../src/compiler/training/state-tensor.ts';
import { createArena } from '../../src/runtime/engine/onnx/arena.ts';
import { hasKernel, updateInPlace } from '../../src/runtime/engine/onnx/update-in-place.ts';
import { loadGraph } from '../support/run-graph.ts';

const adam = {
  kind: 'adam',
  lr: 0.1,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-7,
  amsgrad: false,
  weight_decay: 0,
} as const;
const sgd = { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false, weight_decay: 0 } as const;
const rmsprop = {
  kind: 'rmsprop',
  lr: 0.1,
  rho: 0.9,
  momentum: 0,
  epsilon: 1e-7,
  centered: false,
  weight_decay: 0,
} as const;
const none: StagePlan['clip'] = { kind: 'none' };

const golden: readonly (readonly [string, OptimizerPlan, StagePlan['clip'], readonly number[]])[] = [
  ['SGD(0.1)', sgd, none, [0.95, 0.975, 0.875]],
  ['SGD(0.1, momentum .9)', { ...sgd, momentum: 0.9 }, none, [0.95, 0.93, 0.812]],
  ['SGD(0.1, .9, nesterov)', { ...sgd, momentum: 0.9, nesterov: true }, none, [0.905, 0.912, 0.7058]],
  ['Adam(0.1)', adam, none, [0.90000129, 0.87336802, 0.80755728]],
  ['Adam(0.1, eps 0.1)', { ...adam, epsilon: 0.1 }, none, [0.98634738, 0.98234785, 0.96484894]],
  ['AdamW(0.1, wd 0.01)', { ...adam, kind: 'adamw', weight_decay: 0.01 }, none, [0.8990013, 0.87146902, 0.8047868]],
  ['RMSprop(0.1)', rmsprop, none, [0.68377286, 0.83121455, 0.5493567]],
  [
    'RMSprop(0.1, mom .9, centered)',
    { ...rmsprop, momentum: 0.9, centered: true },
    none,
    [0.6666674, 0.51514626, 0.07990485],
  ],
  [
    'Adagrad(0.1)',
    { kind: 'adagrad', lr: 0.1, initial_accumulator: 0.1, epsilon: 1e-7, weight_decay: 0 },
    none,
    [0.91548461, 0.95440954, 0.87026894],
  ],
  ['SGD(0.1, clipnorm .3)', sgd, { kind: 'norm', limit: 0.3 }, [0.97, 0.995, 0.965]],
  ['SGD(0.1, global_clipnorm .3)', sgd, { kind: 'global_norm', limit: 0.3 }, [0.97, 0.995, 0.965]],
  ['SGD(0.1, clipvalue .3)', sgd, { kind: 'value', limit: 0.3 }, [0.97, 0.995, 0.965]],
];

const optimizers = suite('optimizers against Keras');

for (const [name, plan, clip, expected] of golden) {
  optimizers(name, async () => {
    const b = createBuilder();
    const f = formulas(b);
    const w = b.input('w', 'float32', [1]);
    const [g] = clipGradients(b, f, clip, [b.input('g', 'float32', [1])]);
    const slots = optimizerSlots(plan);
    const values = Object.fromEntries(slots.map((slot) => [slot.name, b.input(slot.name, 'float32', [1])]));
    const step = { lr: b.input('lr', 'float32', []), iteration: b.input('t', 'float32', []) };
    const update = optimizerUpdate(plan, f, w, g as string, values, step);
    const outputs = [
      b.named(update.weight, nextOf('w')),
      ...slots.map((slot) => b.named(update.slots[slot.name] as string, nextOf(slot.name))),
    ];
    const { run, close } = await loadGraph(b.finish(outputs, 'update'), 1);
    let state: Record<string, Float32Array> = { w: Float32Array.of(1) };
    for (const slot of slots) state[slot.name] = Float32Array.of(slot.initial);
    for (const [index, gradient] of [0.5, -0.25, 1].entries()) {
      const result = await run({
        ...state,
        g: Float32Array.of(gradient),
        lr: Float32Array.of(plan.lr),
        t: Float32Array.of(index + 1),
      });
      state = Object.fromEntries(
        Object.entries(result).map(([key, value]) => [writtenState(key)?.state ?? key, value]),
      );
      const off = Math.abs(state.w![0]! - expected[index]!);
      assert.ok(off < 2e-6, `step ${index + 1}: ${state.w![0]} for ${expected[index]}`);
    }
    await close();
  });
}

for (const [name, plan, clip, expected] of golden) {
  if (clip.kind !== 'none') continue;
  optimizers(`${name}, in place`, () => {
    const w = Float32Array.of(1);
    const slots = Object.fromEntries(optimizerSlots(plan).map((slot) => [slot.name, Float32Array.of(slot.initial)]));
    for (const [index, gradient] of [0.5, -0.25, 1].entries()) {
      updateInPlace(plan, w, Float32Array.of(gradient), slots, plan.lr, index + 1);
      assert.ok(Math.abs(w[0]! - expected[index]!) < 2e-6, `step ${index + 1}: ${w[0]} for ${expected[index]}`);
    }
  });
}

for (const [name, plan, clip, expected] of golden) {
  if (clip.kind !== 'none' || !hasKernel(plan)) continue;
  optimizers(`${name}, in an arena`, () => {
    const arena = createArena([5, 5, 5, 5]);
    if (arena === null) throw new Error('no arena');
    const [w, g, m, v] = [arena.array(5).fill(1), arena.array(5), arena.array(5), arena.array(5)];
    for (const [index, gradient] of [0.5, -0.25, 1].entries()) {
      updateInPlace(plan, w, g.fill(gradient), { m, v }, plan.lr, index + 1, arena);
      // five floats: a whole group of four and a part of one
      for (const value of w) assert.ok(Math.abs(value - expected[index]!) < 2e-6, `${value} for ${expected[index]}`);
    }
  });
}

optimizers('without room for an arena Adam gives the same bits', () => {
  const length = 1001;
  const arena = createArena([length, length, length, length]);
  if (arena === null) throw new Error('no arena');
  const plan = { ...adam, kind: 'adamw', weight_decay: 0.004 } as const;
  const inArena = Array.from({ length: 4 }, () => arena.array(length));
  const plain = Array.from({ length: 4 }, () => new Float32Array(length));
  for (const [w] of [inArena, plain]) for (let i = 0; i < length; i += 1) w![i] = Math.sin(i) * 10 ** ((i % 9) - 4);
  for (let step = 1; step <= 20; step += 1) {
    for (const [w, g, m, v] of [inArena, plain]) {
      for (let i = 0; i < length; i += 1) g![i] = Math.cos(i * step) * 10 ** ((i % 13) - 9);
      updateInPlace(plan, w!, g!, { m: m!, v: v! }, 1e-3, step, w === inArena[0] ? arena : null);
    }
  }
  for (const [i, array] of plain.entries()) assert.equal(array, inArena[i]!.slice());
});

optimizers('an arena of more than 4 GiB is refused', () => {
  assert.is(createArena([2 ** 30, 2 ** 30]), null);
});

optimizers.run();
